package medsora.media;

import java.util.Optional;

/**
 * One of the eight ways in which a picture can be turned and mirrored so that its edges stay
 * upright: the stored pixel (x, y) is shown at column {@code a x + c y} and row {@code b x + d y},
 * counted from the edge where the sum begins. Containers of the mp4 family store these four numbers
 * (ISO/IEC 14496-12, 8.3.2 and 6.2.2).
 *
 * @param transposed rows become columns: a and d are 0
 * @param mirroredX the sum of the shown column is negative
 * @param mirroredY the sum of the shown row is negative
 */
record Orientation(boolean transposed, boolean mirroredX, boolean mirroredY) {
  /** As stored. */
  static final Orientation UPRIGHT = new Orientation(false, false, false);

  /** A number of at most this share of the largest counts as 0. */
  private static final double SLACK = 0.01;

  /**
   * The orientation of a display matrix, whatever its scale; empty for one that turns by another
   * angle or flattens the picture.
   */
  static Optional<Orientation> of(long a, long b, long c, long d) {
    double straight = Math.min(Math.abs(a), Math.abs(d));
    double across = Math.min(Math.abs(b), Math.abs(c));
    double largestStraight = Math.max(Math.abs(a), Math.abs(d));
    double largestAcross = Math.max(Math.abs(b), Math.abs(c));
    if (straight > 0 && largestAcross <= SLACK * straight) {
      return Optional.of(new Orientation(false, a < 0, d < 0));
    }
    if (across > 0 && largestStraight <= SLACK * across) {
      return Optional.of(new Orientation(true, c < 0, b < 0));
    }
    return Optional.empty();
  }

  /**
   * What EXIF's tag 0x0112 says, 1 to 8 (CIPA DC-008, 4.6.4); any other number is taken for 1, as
   * viewers do. 6 is a picture to be turned clockwise by a quarter, 8 one to be turned the other
   * way.
   */
  static Orientation exif(int number) {
    return switch (number) {
      case 2 -> new Orientation(false, true, false);
      case 3 -> new Orientation(false, true, true);
      case 4 -> new Orientation(false, false, true);
      case 5 -> new Orientation(true, false, false);
      case 6 -> new Orientation(true, true, false);
      case 7 -> new Orientation(true, true, true);
      case 8 -> new Orientation(true, false, true);
      default -> UPRIGHT;
    };
  }

  /** The same under the names of javax.imageio's standard metadata, such as {@code Rotate90}. */
  static Orientation named(String imageOrientation) {
    // The readers of the JDK and of TwelveMonkeys agree on these names, and turn counter-clockwise.
    return switch (imageOrientation) {
      case "FlipH" -> exif(2);
      case "Rotate180" -> exif(3);
      case "FlipV" -> exif(4);
      case "FlipHRotate90" -> exif(5);
      case "Rotate270" -> exif(6);
      case "FlipVRotate90" -> exif(7);
      case "Rotate90" -> exif(8);
      default -> UPRIGHT;
    };
  }

  /** Columns that a picture has when it is shown. */
  int width(int storedWidth, int storedHeight) {
    return transposed ? storedHeight : storedWidth;
  }

  /** Rows that a picture has when it is shown. */
  int height(int storedWidth, int storedHeight) {
    return transposed ? storedWidth : storedHeight;
  }

  /**
   * Turns and mirrors.
   *
   * @param rgb [height, width, 3] as stored
   * @param shown receives the same number of bytes
   */
  void apply(byte[] rgb, int width, int height, byte[] shown) {
    int outWidth = width(width, height);
    int outHeight = height(width, height);
    for (int row = 0, out = 0; row < outHeight; row++) {
      int down = mirroredY ? outHeight - 1 - row : row;
      for (int column = 0; column < outWidth; column++, out += 3) {
        int along = mirroredX ? outWidth - 1 - column : column;
        int from = 3 * (transposed ? along * width + down : down * width + along);
        shown[out] = rgb[from];
        shown[out + 1] = rgb[from + 1];
        shown[out + 2] = rgb[from + 2];
      }
    }
  }
}
