package medsora.baseline.lvdm;

import engine.io.Printable;
import engine.io.TensorSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sizes of LVDM's networks as the names and shapes of their weights tell them.
 *
 * @param source where they lie
 * @param prefix what stands before their names
 */
record LvdmShapes(TensorSource source, String prefix) {
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

  boolean isDenoiser() {
    return contains(EMBEDDING) && contains(MIDDLE);
  }

  boolean isAutoencoder() {
    return contains(shared(ENCODER)) && contains(DECODER);
  }

  private boolean contains(String name) {
    return source.contains(prefix + name);
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
    int width = extent(EMBEDDING, 2, 1);
    if (width == 0) {
      throw unfit("its embedding has no width");
    }
    List<Integer> multipliers = new ArrayList<>();
    List<Integer> attention = new ArrayList<>();
    int[] blocks = new int[1];
    int level = 0;
    int ofLevel = 0;
    for (int i = 1; i < MOST && (contains(BLOCK.formatted(i)) || contains(DOWN.formatted(i))); i++) {
      if (contains(DOWN.formatted(i))) {
        level++;
        ofLevel = 0;
        continue;
      }
      if (ofLevel == 0) {
        multipliers.add(extent(BLOCK.formatted(i), 5, 0) / width);
        if (contains(SEEN.formatted(i))) {
          attention.add(1 << level);
        }
      }
      ofLevel++;
      blocks[0] = Math.max(blocks[0], ofLevel);
    }
    int rows = extent(MIDDLE, 2, 0);
    int ofHead = Math.max(1, extent(MIDDLE, 2, 1));
    int deepest = multipliers.isEmpty() ? 0 : width * multipliers.getLast();
    try {
      return new LvdmConfig(
          extent(FIRST, 5, 1),
          inputSize,
          (rows - 1) / 2,
          width,
          multipliers,
          blocks[0],
          attention,
          deepest / ofHead);
    } catch (IllegalArgumentException e) {
      throw new IOException("[lvdm] " + source.path() + ": " + e.getMessage(), e);
    }
  }

  LvdmVaeConfig autoencoder() throws IOException {
    int levels = 0;
    while (levels < MOST && contains(shared(LEVEL.formatted(levels)))) {
      levels++;
    }
    int space = 1 << Math.min(levels, 10);
    try {
      return new LvdmVaeConfig(
          extent(shared(ENCODER), 5, 0), Math.min(TIME_FACTOR, space), space, extent(DECODER, 5, 0));
    } catch (IllegalArgumentException e) {
      throw new IOException("[lvdm] " + source.path() + ": " + e.getMessage(), e);
    }
  }

  /** An extent of a tensor that must have so many axes. */
  private int extent(String name, int rank, int axis) throws IOException {
    if (!contains(name)) {
      throw unfit("it lacks " + name);
    }
    long[] shape = source.shape(prefix + name);
    if (shape.length != rank) {
      throw unfit(name + " has the shape " + Printable.brief(Arrays.toString(shape)));
    }
    return Math.clamp(shape[axis], 0, 1 << 20);
  }

  private IOException unfit(String why) {
    return new IOException(
        "[lvdm] %s does not hold the weights of LVDM: %s".formatted(source.path(), why));
  }
}
