package medsora.vae;

import engine.io.TensorSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import medsora.vae.VaeConfig.Compensation;

/** The configuration of an autoencoder as the names and shapes of plain weights tell it. */
public final class PlainVae {
  private static final String FIRST_CONV = ".resnets.%d.conv1.conv.weight";
  private static final String LATENT_CONV = "decoder.conv_in.conv.weight";
  private static final float DROPOUT = 0.2f;

  /** CogVideoX's groups of a norm; no name or shape shows them. */
  public static final int GROUPS = 32;

  private PlainVae() {}

  /** Whether the names are those of such an autoencoder. */
  public static boolean isOne(TensorSource file) {
    return file.contains(conv(0, 0)) && file.contains(LATENT_CONV);
  }

  /**
   * Reads the sizes off the weights.
   *
   * @param groups of every norm, which no shape shows; {@link #GROUPS} where nobody says
   * @throws IOException where these are not the weights of such an autoencoder, or its groups
   *     cannot be so many
   */
  public static VaeConfig config(TensorSource file, int groups) throws IOException {
    List<Integer> widths = new ArrayList<>();
    while (file.contains(conv(widths.size(), 0))) {
      long[] shape = file.shape(conv(widths.size(), 0));
      widths.add(shape.length == 5 ? Math.clamp(shape[0], 0, Integer.MAX_VALUE) : 0);
    }
    int layers = 0;
    while (file.contains(conv(0, layers))) {
      layers++;
    }
    if (widths.size() < 3 || !file.contains(LATENT_CONV) || file.shape(LATENT_CONV).length != 5) {
      throw new IOException(
          "[vae] "
              + file.path()
              + " does not hold the weights of such an autoencoder: it lacks "
              + (widths.size() < 3 ? conv(widths.size(), 0) : LATENT_CONV));
    }
    if (widths.stream().anyMatch(w -> w == 0 || w % groups != 0)) {
      throw new IOException(
          "[vae] "
              + file.path()
              + " has widths "
              + widths
              + ", which cannot be in "
              + groups
              + " groups: put its config.json beside the weights, or say --config where a program has that");
    }
    int latent = Math.clamp(file.shape(LATENT_CONV)[1], 1, Integer.MAX_VALUE);
    return new VaeConfig(widths, layers, latent, groups, compensation(file), DROPOUT);
  }

  private static Compensation compensation(TensorSource file) {
    List<String> added = file.names().stream().filter(Vae::isCompensation).toList();
    if (added.isEmpty()) {
      return Compensation.NONE;
    }
    boolean released = added.stream().anyMatch(n -> n.startsWith("encoder.frequency_"));
    return released ? Compensation.RELEASED : Compensation.PAPER;
  }

  private static String conv(int level, int block) {
    return "encoder.down_blocks." + level + FIRST_CONV.formatted(block);
  }
}
