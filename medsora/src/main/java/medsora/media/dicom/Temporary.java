package medsora.media.dicom;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file for a program that wants one: only this user can read it, its name says nothing, and it
 * goes with the reader or with the process.
 */
final class Temporary implements Closeable {
  private final Path path;

  Temporary() throws IOException {
    path = Files.createTempFile("medsora", ".pixels");
    path.toFile().deleteOnExit();
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
