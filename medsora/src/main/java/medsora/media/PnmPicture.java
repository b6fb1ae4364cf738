package medsora.media;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Pictures in the portable formats P2, P5 (grey), P3 and P6 (RGB): the two letters, width, height
 * and the largest value as decimals between white space and comments, then samples: of P2 and P3 as
 * further decimals; of P5 and P6 behind one white space as bytes, two of them with the high one
 * first where the largest value is above 255. Values become {@code round(255 value / largest)}.
 */
final class PnmPicture {
  private static final int MAX_DIGITS = 9;
  private static final int LARGEST = 65535;

  /** For a number where the file has ended. */
  private static final int END = -1;

  private final String name;
  private final InputStream in;

  private PnmPicture(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  static Clip read(Path file, ReadLimits limits) throws IOException {
    String name = file.toString();
    limits.checkFile(name, Files.size(file));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return new PnmPicture(name, in).read(limits);
    }
  }

  private Clip read(ReadLimits limits) throws IOException {
    in.skipNBytes(1);
    int form = in.read() - '0';
    int width = number();
    int height = number();
    int largest = number();
    if (largest == END) {
      throw new VideoException(name, "cut off: ends in its header");
    }
    if (largest < 1 || largest > LARGEST) {
      throw new VideoException(
          name, "is a ppm or pgm whose largest value is %d, wants 1 to 65535".formatted(largest));
    }
    limits.checkSize(name, width, height);
    int pixels = width * height;
    limits.checkMemory(name, 3L * pixels);
    byte[] rgb = new byte[3 * pixels];
    int each = form == 3 || form == 6 ? 1 : 3;
    for (int i = 0; i < rgb.length; i += each) {
      int value = form <= 3 ? number() : sample(largest);
      if (value == END) {
        throw new VideoException(
            name, "cut off: ends after %d of %d samples".formatted(i / each, rgb.length / each));
      }
      if (value > largest) {
        throw new VideoException(
            name, "damaged: a value of %d, its largest is %d".formatted(value, largest));
      }
      for (int k = 0; k < each; k++) {
        rgb[i + k] = (byte) PictureColours.eight(value, largest);
      }
    }
    if (anotherFollows()) {
      throw new VideoException(
          name, "holds several pictures; convert it to gif, mp4 or a file for each");
    }
    return Clip.of(name, height, width, List.of(rgb));
  }

  private boolean anotherFollows() throws IOException {
    int c = in.read();
    while (Character.isWhitespace(c)) {
      c = in.read();
    }
    int form = in.read();
    return c == 'P' && form >= '1' && form <= '7';
  }

  /** The next binary sample, or {@link #END}. */
  private int sample(int largest) throws IOException {
    int high = largest > 255 ? in.read() << 8 : 0;
    int low = in.read();
    return high < 0 || low < 0 ? END : high | low;
  }

  /** The next decimal, or {@link #END}; reads the one byte after it too. */
  private int number() throws IOException {
    int c = in.read();
    while (c == '#' || Character.isWhitespace(c)) {
      c = c == '#' ? skipLine() : in.read();
    }
    int value = 0;
    int digits = 0;
    while (c >= '0' && c <= '9' && digits < MAX_DIGITS) {
      value = 10 * value + (c - '0');
      digits++;
      c = in.read();
    }
    if (digits == 0 && c < 0) {
      return END;
    }
    if (digits == 0 || (c >= 0 && !Character.isWhitespace(c))) {
      throw new VideoException(name, "damaged ppm or pgm: a number and white space are wanted");
    }
    return value;
  }

  /** The line's end. */
  private int skipLine() throws IOException {
    int c = in.read();
    while (c >= 0 && c != '\n' && c != '\r') {
      c = in.read();
    }
    return c;
  }
}
