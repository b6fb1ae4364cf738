package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import medsora.perceptual.Lpips;
import picocli.CommandLine.Option;

/** Weights of LPIPS, the learned perceptual distance of pictures. */
public final class LpipsOptions {
  @Option(
      names = "--lpips-trunk",
      paramLabel = "FILE",
      description =
          "torchvision's weights of AlexNet, VGG-16 or SqueezeNet 1.1 for the perceptual distance"
              + " LPIPS (in training, for the autoencoder's loss); goes with --lpips-heads")
  Path trunk;

  @Option(
      names = "--lpips-heads",
      paramLabel = "FILE",
      description = "LPIPS's weights (v0.1) for the same network")
  Path heads;

  /** Refuses one without the other. */
  public void check() {
    if ((trunk == null) != (heads == null)) {
      throw new IllegalArgumentException("--lpips-trunk and --lpips-heads go together");
    }
  }

  /** The network, or null where no weights were given. */
  public Lpips open() throws IOException {
    check();
    return trunk == null ? null : Lpips.load(trunk, heads);
  }
}
