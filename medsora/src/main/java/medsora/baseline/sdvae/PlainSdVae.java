package medsora.baseline.sdvae;

import engine.io.TensorSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The configuration of an image autoencoder as the names and shapes of plain weights tell it. */
public final class PlainSdVae {
  /** The published groups of a norm; no name or shape shows them. */
  public static final int GROUPS = 32;

  private static final String LATENT = "decoder.conv_in.weight";
  private static final int CONVOLUTION = 4;
  private static final int MOST = 1 << 8;

  private PlainSdVae() {}

  /** Whether the names, as {@link SdVaeNames} gives them, are those of such an autoencoder. */
  public static boolean isOne(TensorSource file) {
    return file.contains(conv(0, 0)) && file.contains(LATENT);
  }

  /**
   * Reads the sizes off the weights.
   *
   * @param groups of every norm, which no shape shows; {@link #GROUPS} where nobody says
   * @throws IOException where these are not the weights of such an autoencoder, or its groups
   *     cannot be so many
   */
  public static SdVaeConfig config(TensorSource file, int groups) throws IOException {
    List<Integer> widths = new ArrayList<>();
    while (widths.size() < MOST && file.contains(conv(widths.size(), 0))) {
      long[] shape = file.shape(conv(widths.size(), 0));
      widths.add(shape.length == CONVOLUTION ? Math.clamp(shape[0], 0, Integer.MAX_VALUE) : 0);
    }
    int layers = 0;
    while (layers < MOST && file.contains(conv(0, layers))) {
      layers++;
    }
    long[] latent = file.contains(LATENT) ? file.shape(LATENT) : new long[0];
    if (latent.length != CONVOLUTION) {
      throw new IOException(
          "[sdvae] %s does not hold the weights of an image autoencoder: it lacks %s"
              .formatted(file.path(), LATENT));
    }
    try {
      int channels = Math.clamp(latent[1], 0, Integer.MAX_VALUE);
      return new SdVaeConfig(widths, layers, channels, groups);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "[sdvae] %s has widths %s in %d groups: %s; its config.json beside the weights may say other groups"
              .formatted(file.path(), widths, groups, e.getMessage()),
          e);
    }
  }

  private static String conv(int level, int block) {
    return "encoder.down_blocks." + level + ".resnets." + block + ".conv1.weight";
  }
}
