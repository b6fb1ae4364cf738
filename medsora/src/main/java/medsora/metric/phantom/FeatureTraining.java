package medsora.metric.phantom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import medsora.config.ConfigTree;
import medsora.dino.Distillation;
import medsora.dino.VitConfig;

/**
 * How the feature networks are trained; with the numeric contract it decides every bit of them.
 *
 * @param seed of the first weights, of the draws, and of the phantom's clips
 * @param frames the network of single frames
 * @param motion the network of flow
 */
public record FeatureTraining(long seed, Network frames, Network motion) {
  /** The configuration of the networks that come with the program. */
  public static final String FILE = "features.yaml";

  /**
   * One of them.
   *
   * @param clips of the phantom that are learned from
   * @param each pictures of a clip
   * @param network its size
   * @param distillation how it learns
   */
  public record Network(int clips, int each, VitConfig network, Distillation distillation) {
    public Network {
      if (clips < 1 || each < 1 || (long) clips * each > 100_000) {
        throw new IllegalArgumentException(
            "[features] wants 1 to 100,000 pictures, got %d of each of %d clips"
                .formatted(each, clips));
      }
    }
  }

  /** That of the networks that come with the program. */
  public static FeatureTraining builtin() throws IOException {
    try (InputStream in = PhantomFeatures.resource(FILE)) {
      return of(FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /**
   * Reads a YAML file.
   *
   * @throws medsora.config.ConfigException naming line and key where something is wrong
   */
  public static FeatureTraining read(Path file) throws IOException {
    return of(file.toString(), Files.readString(file));
  }

  private static FeatureTraining of(String name, String text) {
    ConfigTree tree = ConfigTree.read(name, text, FeatureTraining.class);
    return new FeatureTraining(
        tree.part("seed", long.class),
        tree.part("frames", Network.class),
        tree.part("motion", Network.class));
  }
}
