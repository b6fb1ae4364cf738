package medsora.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens a single picture by its content: png, jpeg, tiff, bmp, webp, ppm or pgm. */
public final class PictureReader {
  private PictureReader() {}

  /**
   * Reads a picture as a clip of one frame.
   *
   * @throws IOException naming the file and what is wrong with it
   */
  public static Clip read(Path file, ReadLimits limits) throws IOException {
    String name = file.toString();
    if (!Files.exists(file)) {
      throw new VideoException(name, "no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new VideoException(name, "is no regular file");
    }
    try {
      return PictureDecoder.picture(file, limits);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw Contained.failed(name, e);
    }
  }
}
