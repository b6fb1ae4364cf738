package medsora.baseline.endora;

import engine.io.TensorSource;
import java.io.IOException;
import nn.io.WeightShapes;

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
    WeightShapes shapes = new WeightShapes(file, EndoraConfig.KIND, "Endora", "");
    int hidden = shapes.extent(PATCHES, 4, 0);
    int patch = shapes.extent(PATCHES, 4, 2);
    int tokens = shapes.extent(POSITIONS, 3, 1);
    int video = shapes.extent(MOMENTS, 3, 1);
    int grid = (int) Math.round(Math.sqrt(tokens));
    int heads = hidden == WIDTH_XL ? HEADS_XL : Math.max(1, hidden / HEAD);
    int depth = shapes.count(BLOCK);
    if (grid * grid != tokens) {
      throw shapes.unfit("its " + tokens + " places are of no square");
    }
    int frames = video + (file.contains(TARGET) ? IMAGES : 0);
    try {
      return new EndoraConfig(
          shapes.extent(PATCHES, 4, 1),
          grid * patch,
          patch,
          hidden,
          depth,
          heads,
          frames,
          video,
          EndoraConfig.Prior.usual(depth / 2));
    } catch (IllegalArgumentException e) {
      throw shapes.unfit(e);
    }
  }
}
