package tools.program;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of {@code --out}, looked at before the work rather than after it. */
public final class OutputFolder {
  private OutputFolder() {}

  /**
   * Makes the folder where it is missing, and writes and deletes a small file in it.
   *
   * @throws IOException naming the folder and the reason, where that cannot be done
   */
  public static Path ready(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, ".probe", null);
      try {
        Files.write(probe, new byte[1]);
      } finally {
        Files.delete(probe);
      }
      return folder;
    } catch (IOException e) {
      throw new IOException(
          "output folder " + folder + ": " + reason(e, folder) + "; choose another --out", e);
    }
  }

  private static String reason(IOException e, Path folder) {
    return switch (e) {
      case FileAlreadyExistsException f -> f.getFile() + " is a file";
      case AccessDeniedException a -> "may not be written (" + a.getFile() + ")";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? "cannot be written in " + folder : e.getMessage();
    };
  }
}
