package engine.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Real clips, pictures and weights, which the project does not carry: a folder {@code shared/data}
 * beside the checkout or above it. Tests that want one are skipped, and say so, where it is not.
 */
public final class SharedData {
  private SharedData() {}

  /** A file of that folder; ends the test as skipped where it is not there. */
  public static Path file(String name) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path candidate = folder.resolve("shared").resolve("data").resolve(name);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    assumeTrue(false, "no shared/data/" + name + " beside the checkout");
    throw new AssertionError("assumeTrue returned");
  }
}
