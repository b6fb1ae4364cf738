package medsora.media;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Pictures in the portable pixmap format P6: the letters P6, width, height and 255 as decimals
 * between white space and comments, one white space, then RGB bytes.
 */
final class PpmPicture {
  private static final int MAX_DIGITS = 9;

  private PpmPicture() {}

  static Clip read(Path file, ReadLimits limits) throws IOException {
    String name = file.toString();
    limits.checkFile(name, Files.size(file));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.skipNBytes(2);
      int width = number(in, name);
      int height = number(in, name);
      int most = number(in, name);
      if (most != 255) {
        throw new VideoException(name, "is a ppm whose largest value is " + most + ", wants 255");
      }
      limits.checkSize(name, width, height);
      int bytes = 3 * width * height;
      limits.checkMemory(name, bytes);
      byte[] rgb = in.readNBytes(bytes);
      if (rgb.length < bytes) {
        throw new VideoException(
            name, "ends after %d of %d bytes of pixels".formatted(rgb.length, bytes));
      }
      return Clip.of(name, height, width, List.of(rgb));
    }
  }

  /** The next decimal; reads the one byte after it too. */
  private static int number(InputStream in, String name) throws IOException {
    int c = in.read();
    while (c == '#' || Character.isWhitespace(c)) {
      c = c == '#' ? skipLine(in) : in.read();
    }
    int value = 0;
    int digits = 0;
    while (c >= '0' && c <= '9' && digits < MAX_DIGITS) {
      value = 10 * value + (c - '0');
      digits++;
      c = in.read();
    }
    if (digits == 0 || !Character.isWhitespace(c)) {
      throw new VideoException(name, "damaged ppm header: a number and white space are wanted");
    }
    return value;
  }

  /** The line's end. */
  private static int skipLine(InputStream in) throws IOException {
    int c = in.read();
    while (c >= 0 && c != '\n' && c != '\r') {
      c = in.read();
    }
    return c;
  }
}
