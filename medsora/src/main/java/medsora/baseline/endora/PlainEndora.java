package medsora.baseline.endora;

import engine.io.TensorSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * The configuration of Endora as the names and shapes of plain weights tell it. No shape shows the
 * heads: they are those of the released sizes, or of 64 channels each. With the convolution of the
 * prior the weights are of the network with images, 8 behind its video.
 */
public final class PlainEndora {
  private static final String MOMENTS = "temp_embed";
  private static final String POSITIONS = "pos_embed";
  private static final String PATCHES = "x_embedder.proj.weight";
  private static final String BLOCK = "blocks.%d.attn.qkv.weight";
  private static final String TARGET = "cov.weight";
  private static final int MOST_BLOCKS = 1 << 10;
  private static final int IMAGES = 8;
  private static final int HEAD = 64;

  /** XL's, whose heads have 72 channels. */
  private static final int WIDTH_XL = 1152;

  private static final int HEADS_XL = 16;

  private PlainEndora() {}

  /** Whether the names are those of Endora. */
  public static boolean isOne(TensorSource file) {
    return file.contains(MOMENTS) && file.contains(PATCHES) && file.contains(BLOCK.formatted(0));
  }

  /**
   * Reads the sizes off the weights; the prior is the usual one.
   *
   * @throws IOException where these are not the weights of Endora
   */
  public static EndoraConfig config(TensorSource file) throws IOException {
    long[] patches = shape(file, PATCHES, 4);
    int hidden = size(patches[0]);
    int patch = size(patches[2]);
    int tokens = size(shape(file, POSITIONS, 3)[1]);
    int video = size(shape(file, MOMENTS, 3)[1]);
    int grid = (int) Math.round(Math.sqrt(tokens));
    int heads = hidden == WIDTH_XL ? HEADS_XL : Math.max(1, hidden / HEAD);
    int depth = 0;
    while (depth < MOST_BLOCKS && file.contains(BLOCK.formatted(depth))) {
      depth++;
    }
    if (grid * grid != tokens) {
      throw unfit(file, "its " + tokens + " places are of no square");
    }
    int frames = video + (file.contains(TARGET) ? IMAGES : 0);
    try {
      return new EndoraConfig(
          size(patches[1]),
          grid * patch,
          patch,
          hidden,
          depth,
          heads,
          frames,
          video,
          EndoraConfig.Prior.usual(depth / 2));
    } catch (IllegalArgumentException e) {
      throw new IOException("[endora] " + file.path() + ": " + e.getMessage(), e);
    }
  }

  private static int size(long extent) {
    return Math.clamp(extent, 0, 1 << 16);
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
        "[endora] %s does not hold the weights of Endora: %s".formatted(file.path(), why));
  }
}
