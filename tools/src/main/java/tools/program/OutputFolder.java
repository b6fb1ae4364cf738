package tools.program;

import engine.ranks.Ranks;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import medsora.train.store.RunFolder;

/** The folder or file that is to be written, looked at before the work rather than after it. */
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
      throw refusal("output folder " + folder + ": " + reason(e) + "; choose another --out", e);
    }
  }

  /**
   * The run folder, once all ranks have looked at it: rank 0 makes it where it is missing and holds
   * it, the others only read.
   *
   * @throws IOException naming the folder and the reason, where that cannot be done
   */
  public static RunFolder held(Path folder, Ranks ranks) throws IOException {
    ranks.meet();
    return ranks.isFirst() ? RunFolder.open(ready(folder)) : RunFolder.heldByOther(folder);
  }

  /**
   * Makes the folder of a file where it is missing, and tries whether the file can be written; one
   * that is there keeps its content.
   *
   * @throws IOException naming the file and the reason, where that cannot be done
   */
  public static Path readyFor(Path file) throws IOException {
    String cannot = "cannot write " + file + ": ";
    if (Files.isDirectory(file)) {
      throw new IOException(cannot + "it is a folder");
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new IOException(cannot + "it may not be written");
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
        Files.delete(Files.createTempFile(folder, ".probe", null));
      }
      return file;
    } catch (IOException e) {
      throw refusal(cannot + reason(e), e);
    }
  }

  /** All is said in words of our own: the cause shows in a trace alone. */
  private static IOException refusal(String words, IOException cause) {
    IOException refusal = new IOException(words);
    refusal.addSuppressed(cause);
    return refusal;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case FileAlreadyExistsException f -> f.getFile() + " is a file";
      case AccessDeniedException a -> "may not be written (" + a.getFile() + ")";
      case NoSuchFileException n -> "nothing can be made there";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case FileSystemException f -> "nothing can be written there";
      default -> e.getMessage() == null ? "nothing can be written there" : e.getMessage();
    };
  }
}
