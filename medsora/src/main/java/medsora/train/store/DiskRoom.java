package medsora.train.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Whether a file fits onto its disk, before the work and when it did not. */
public final class DiskRoom {
  private static final String REMEDY =
      "make room (or raise the quota or the limit on file sizes), then run the same command to"
          + " continue";

  private DiskRoom() {}

  /**
   * Refuses work whose result could not be written. A file is written beside the one it replaces,
   * so it wants room of its own.
   *
   * @throws IOException with the bytes wanted and free
   */
  public static void require(Path file, long bytes) throws IOException {
    long free = free(file);
    if (free >= 0 && free < bytes) {
      throw new IOException(
          "[disk] %s wants %s, %s are free there; %s"
              .formatted(file, size(bytes), size(free), REMEDY));
    }
  }

  /**
   * What to say of a file that could not be written.
   *
   * @param standing what there is to continue from
   */
  public static IOException unwritten(Path file, long bytes, IOException e, String standing) {
    long free = free(file);
    return new IOException(
        "[disk] %s could not be written: %s. It wants %s, %s free there. %s; %s"
            .formatted(
                file,
                reason(e, file),
                size(bytes),
                free < 0 ? "nobody can say what is" : size(free) + " are",
                standing,
                REMEDY),
        e);
  }

  private static String reason(IOException e, Path file) {
    return switch (e) {
      case NoSuchFileException f -> "the folder " + file.toAbsolutePath().getParent() + " is gone";
      case AccessDeniedException f -> "access denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  /** Bytes that may be written beside a file, or -1 where that cannot be asked. */
  private static long free(Path file) {
    try {
      return Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
    } catch (IOException e) {
      return -1;
    }
  }

  static String size(long bytes) {
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%,d bytes", bytes)
        : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
