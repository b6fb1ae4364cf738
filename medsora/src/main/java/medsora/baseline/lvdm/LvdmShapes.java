package medsora.baseline.lvdm;

import engine.io.TensorSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import nn.io.WeightShapes;

/** The sizes of LVDM's networks as the names and shapes of their weights tell them. */
record LvdmShapes(WeightShapes weights) {
  private static final String EMBEDDING = "time_embed.0.weight";
  private static final String FIRST = "input_blocks.0.0.weight";
  private static final String BLOCK = "input_blocks.%d.0.in_layers.2.weight";
  private static final String DOWN = "input_blocks.%d.0.op.weight";
  private static final String SEEN = "input_blocks.%d.1.norm_s.weight";
  private static final String MIDDLE = "middle_block.1.relative_position_k.embeddings_table";
  private static final String ENCODER = "encoder.conv_first";
  private static final String LEVEL = "encoder.conv_blocks.%d.down";
  private static final String DECODER = "decoder.conv_blocks.0.up.convt.weight";

  /** No name shows it: the kernel is 4 along time whether or not a level shrinks it. */
  private static final int TIME_FACTOR = LvdmVaeConfig.RELEASED.timeFactor();

  private static final int MOST = 1 << 10;

  /**
   * Of a file.
   *
   * @param source where they lie
   * @param prefix what stands before their names
   */
  LvdmShapes(TensorSource source, String prefix) {
    this(new WeightShapes(source, LvdmConfig.KIND, "LVDM", prefix));
  }

  boolean isDenoiser() {
    return contains(EMBEDDING) && contains(MIDDLE);
  }

  boolean isAutoencoder() {
    return contains(shared(ENCODER)) && contains(DECODER);
  }

  private boolean contains(String name) {
    return weights.contains(name);
  }

  /** The name of a weight that the autoencoder lists twice: either may be missing. */
  private String shared(String convolution) {
    String outer = convolution + ".weight";
    return contains(outer) ? outer : convolution + ".conv.weight";
  }

  /**
   * The denoiser.
   *
   * @param inputSize height and width of the latents, which no weight shows
   */
  LvdmConfig denoiser(int inputSize) throws IOException {
    int width = Math.max(1, weights.extent(EMBEDDING, 2, 1));
    Levels levels = levels();
    int deepest = levels.widths().isEmpty() ? 0 : levels.widths().getLast();
    try {
      return new LvdmConfig(
          weights.extent(FIRST, 5, 1),
          inputSize,
          (weights.extent(MIDDLE, 2, 0) - 1) / 2,
          width,
          levels.widths().stream().map(w -> w / width).toList(),
          levels.blocks(),
          levels.attention(),
          deepest / Math.max(1, weights.extent(MIDDLE, 2, 1)));
    } catch (IllegalArgumentException e) {
      throw weights.unfit(e);
    }
  }

  /**
   * The way down.
   *
   * @param widths channels of each level
   * @param attention by how much levels with attention are smaller
   * @param blocks of a level
   */
  private record Levels(List<Integer> widths, List<Integer> attention, int blocks) {}

  private Levels levels() throws IOException {
    List<Integer> widths = new ArrayList<>();
    List<Integer> attention = new ArrayList<>();
    int blocks = 0;
    int smaller = 1;
    boolean begins = true;
    for (int i = 1; i < MOST; i++) {
      if (contains(BLOCK.formatted(i))) {
        if (begins) {
          widths.add(weights.extent(BLOCK.formatted(i), 5, 0));
          if (contains(SEEN.formatted(i))) {
            attention.add(smaller);
          }
        }
        blocks += widths.size() == 1 ? 1 : 0;
        begins = false;
      } else if (contains(DOWN.formatted(i)) && smaller < MOST) {
        smaller *= 2;
        begins = true;
      } else {
        break;
      }
    }
    return new Levels(widths, attention, blocks);
  }

  LvdmVaeConfig autoencoder() throws IOException {
    int levels = 0;
    while (levels < MOST && contains(shared(LEVEL.formatted(levels)))) {
      levels++;
    }
    int space = 1 << Math.min(levels, 10);
    try {
      return new LvdmVaeConfig(
          weights.extent(shared(ENCODER), 5, 0),
          Math.min(TIME_FACTOR, space),
          space,
          weights.extent(DECODER, 5, 0));
    } catch (IllegalArgumentException e) {
      throw weights.unfit(e);
    }
  }
}
