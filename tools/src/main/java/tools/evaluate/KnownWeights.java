package tools.evaluate;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Files of weights whose SHA-256, or the beginning of it, their publishers give in its address. */
public final class KnownWeights {
  private KnownWeights() {}

  /**
   * A published file.
   *
   * @param name as it is published
   * @param sha256 of it, or the first 8 digits
   */
  public record Known(String name, String sha256) {}

  private static final List<Known> ALL =
      List.of(
          new Known(
              "ViT-B-32.pt of OpenAI's CLIP",
              "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af"),
          new Known("pt_inception-2015-12-05-6726825d.pth of pytorch-fid", "6726825d"));

  /** The file that is published under this one's name. */
  public static Optional<Known> named(Path file) {
    String name = file.getFileName().toString();
    return ALL.stream().filter(known -> known.name.split(" ")[0].equals(name)).findFirst();
  }

  /** The file that has this SHA-256. */
  public static Optional<Known> of(String sha256) {
    return ALL.stream().filter(known -> sha256.startsWith(known.sha256)).findFirst();
  }
}
