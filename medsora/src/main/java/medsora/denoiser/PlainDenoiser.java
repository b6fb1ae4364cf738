package medsora.denoiser;

import engine.io.TensorSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

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
  private static final int MOST_BLOCKS = 1 << 10;

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
    long[] patches = shape(file, PATCHES, 4);
    int hidden = size(patches[0]);
    int patch = size(patches[2]);
    int tokens = size(shape(file, POSITIONS, 3)[1]);
    int grid = (int) Math.round(Math.sqrt(tokens));
    int inner = size(shape(file, INNER, 1)[0]);
    int heads = size(shape(file, HEADS, 1)[0]);
    long[] taps = shape(file, TAPS, 3);
    long pixels = shape(file, LAST, 2)[0];
    long plain = patches[1] * patch * patch;
    if (hidden == 0 || heads == 0 || grid * grid != tokens || inner % hidden != 0) {
      throw unfit(file, "its extents contradict each other");
    }
    try {
      return new DenoiserConfig(
          size(patches[1]),
          grid * patch,
          patch,
          hidden,
          depth(file),
          otherwise.frames(),
          otherwise.videoFrames(),
          // B and C beside the inner channels.
          size((taps[0] - inner) / 2),
          inner / heads,
          inner / hidden,
          size(taps[2]),
          otherwise.chunk(),
          otherwise.window(),
          switches(file, hidden, pixels == 2 * plain, otherwise.switches()));
    } catch (IllegalArgumentException e) {
      throw new IOException("[denoiser] " + file.path() + ": " + e.getMessage(), e);
    }
  }

  private static DenoiserConfig.Switches switches(
      TensorSource file, int hidden, boolean variance, DenoiserConfig.Switches otherwise)
      throws IOException {
    boolean rotary = file.contains(ROTARY);
    int heads = otherwise.heads();
    if (rotary) {
      // Half as many frequencies as a head has channels.
      int frequencies = size(shape(file, ROTARY, 1)[0]);
      heads = frequencies == 0 ? 1 : Math.max(1, hidden / (2 * frequencies));
    }
    return new DenoiserConfig.Switches(
        heads,
        file.contains(JOINED),
        rotary,
        otherwise.attentionDropout(),
        otherwise.trueSpiral(),
        variance);
  }

  private static int depth(TensorSource file) {
    int depth = 0;
    while (depth < MOST_BLOCKS && file.contains(BLOCK.formatted(depth))) {
      depth++;
    }
    return depth;
  }

  private static int size(long extent) {
    return Math.clamp(extent, 0, 1 << 20);
  }

  private static long[] shape(TensorSource file, String name, int rank) throws IOException {
    if (!file.contains(name)) {
      throw unfit(file, "it lacks " + name);
    }
    long[] shape = file.shape(name);
    if (shape.length != rank) {
      throw unfit(file, name + " has the shape " + Arrays.toString(shape));
    }
    return shape;
  }

  private static IOException unfit(TensorSource file, String why) {
    return new IOException(
        "[denoiser] %s does not hold the weights of a denoiser: %s".formatted(file.path(), why));
  }
}
