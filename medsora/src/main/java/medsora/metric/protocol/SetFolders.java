package medsora.metric.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folders of the sets of an evaluation. */
public final class SetFolders {
  private SetFolders() {}

  /**
   * Refuses folders of which one is the other, or in it; one that is not there is not looked at.
   */
  public static void requireApart(String role, Path folder, String otherRole, Path other)
      throws IOException {
    if (!Files.exists(folder) || !Files.exists(other)) {
      return;
    }
    Path here = folder.toRealPath();
    Path there = other.toRealPath();
    if (here.startsWith(there) || there.startsWith(here)) {
      throw new IllegalArgumentException(
          "[evaluate] the %s and the %s set share a folder: %s and %s"
              .formatted(role, otherRole, folder, other));
    }
  }
}
