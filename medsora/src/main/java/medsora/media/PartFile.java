package medsora.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * Writes a picture or video beside its place and moves it there when it is whole, for writers that
 * want a path of their own. Not forced to disk, as {@link engine.io.WholeFile} is: what a power cut
 * takes can be made again.
 */
public final class PartFile {
  private PartFile() {}

  /** Writes to the path it is given. */
  public interface Body {
    void writeTo(Path temporary) throws IOException;
  }

  public static void write(Path file, Body body) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(folder);
    Path part = folder.resolve("." + file.getFileName() + ".part");
    try {
      body.writeTo(part);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
