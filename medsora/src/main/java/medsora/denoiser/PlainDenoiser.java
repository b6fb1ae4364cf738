package medsora.denoiser;

import engine.io.TensorSource;
import java.io.IOException;
import java.util.stream.Stream;
import nn.io.WeightShapes;

/**
 * The configuration of a denoiser as the names and shapes of plain weights tell it. What no name or
 * shape shows (frames, window, chunk) is taken from a configuration that is given.
 */
public final class PlainDenoiser {
  private static final String PATCHES = "x_embedder.proj.weight";
  private static final String POSITIONS = "pos_embed";
  private static final String BLOCK = "blocks.%d.norm1.weight";
  private static final String HEADS = "blocks.0.mamba_f.A_log";
  private static final String TAPS = "blocks.0.mamba_f.conv1d.weight";
  private static final String INNER = "blocks.0.mamba_f.norm.weight";
  private static final String LAST = "final_layer.linear.weight";
  private static final String ROTARY = "blocks.0.local_attention.rel_pos.inv_freq";
  private static final String JOINED = "blocks.0.output_matrix.weight";

  private PlainDenoiser() {}

  /**
   * Whether the names are those of a denoiser; one of the three may be missing, and is told then.
   */
  public static boolean isOne(TensorSource file) {
    return Stream.of(PATCHES, POSITIONS, HEADS).filter(file::contains).count() >= 2;
  }

  /** Whether it is of the released code, by the rotary embedding that only that has. */
  public static boolean isReleased(TensorSource file) {
    return file.contains(ROTARY);
  }

  /**
   * Reads the sizes off the weights.
   *
   * @param otherwise what no weight shows
   * @throws IOException where these are not the weights of a denoiser
   */
  public static DenoiserConfig config(TensorSource file, DenoiserConfig otherwise)
      throws IOException {
    WeightShapes shapes = new WeightShapes(file, "denoiser", "a denoiser", "");
    int channels = shapes.extent(PATCHES, 4, 1);
    int hidden = shapes.extent(PATCHES, 4, 0);
    int patch = shapes.extent(PATCHES, 4, 2);
    int tokens = shapes.extent(POSITIONS, 3, 1);
    int grid = (int) Math.round(Math.sqrt(tokens));
    int inner = shapes.extent(INNER, 1, 0);
    int heads = shapes.extent(HEADS, 1, 0);
    long pixels = shapes.extent(LAST, 2, 0);
    long plain = (long) channels * patch * patch;
    if (hidden == 0 || heads == 0 || grid * grid != tokens || inner % hidden != 0) {
      throw shapes.unfit("its extents contradict each other");
    }
    try {
      return new DenoiserConfig(
          channels,
          grid * patch,
          patch,
          hidden,
          shapes.count(BLOCK),
          otherwise.frames(),
          otherwise.videoFrames(),
          // B and C beside the inner channels.
          (shapes.extent(TAPS, 3, 0) - inner) / 2,
          inner / heads,
          inner / hidden,
          shapes.extent(TAPS, 3, 2),
          otherwise.chunk(),
          otherwise.window(),
          switches(shapes, hidden, pixels == 2 * plain, otherwise.switches()));
    } catch (IllegalArgumentException e) {
      throw shapes.unfit(e);
    }
  }

  private static DenoiserConfig.Switches switches(
      WeightShapes shapes, int hidden, boolean variance, DenoiserConfig.Switches otherwise)
      throws IOException {
    boolean rotary = shapes.contains(ROTARY);
    int heads = otherwise.heads();
    if (rotary) {
      // Half as many frequencies as a head has channels.
      int frequencies = shapes.extent(ROTARY, 1, 0);
      heads = frequencies == 0 ? 1 : Math.max(1, hidden / (2 * frequencies));
    }
    return new DenoiserConfig.Switches(
        heads,
        shapes.contains(JOINED),
        rotary,
        otherwise.attentionDropout(),
        otherwise.trueSpiral(),
        variance);
  }
}
