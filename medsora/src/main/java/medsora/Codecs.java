package medsora;

import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import medsora.baseline.lvdm.LvdmWeights;
import medsora.train.store.InitialWeights;
import medsora.vae.ClipCodec;

/** Autoencoders of any family that the program knows, told by the names of their weights. */
public final class Codecs {
  private Codecs() {}

  /**
   * Loads the averaged weights of an autoencoder: one of the paper's kind as {@link
   * Autoencoder#load} does, or LVDM's.
   *
   * @throws IOException saying what the file lacks
   */
  public static ClipCodec load(Path path) throws IOException {
    if (isLvdm(path)) {
      try (LvdmWeights weights = LvdmWeights.open(path)) {
        return weights.autoencoder();
      }
    }
    return Autoencoder.load(path, InitialWeights.Kind.EMA);
  }

  /** Whether a file holds LVDM's autoencoder. */
  private static boolean isLvdm(Path path) throws IOException {
    if (!Files.isRegularFile(TensorSource.file(path))) {
      return false;
    }
    try (LvdmWeights weights = LvdmWeights.open(path)) {
      return weights.hasAutoencoder();
    }
  }
}
