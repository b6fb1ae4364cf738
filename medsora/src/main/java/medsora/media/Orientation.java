package medsora.media;

/**
 * How a stored picture is to be shown, EXIF's tag 0x0112 (CIPA DC-008, 4.6.4): its rows and columns
 * may be swapped, and either may run backwards.
 *
 * @param transposed whether the picture's columns are the stored rows
 * @param backwardX whether stored columns run from right to left
 * @param backwardY whether stored rows run from bottom to top
 */
record Orientation(boolean transposed, boolean backwardX, boolean backwardY) {
  /** As stored. */
  static final Orientation NORMAL = new Orientation(false, false, false);

  /**
   * What EXIF's number says, 1 to 8; any other is taken for 1, as viewers do.
   *
   * <p>6 is a picture to be turned clockwise by a quarter, 8 one to be turned the other way.
   */
  static Orientation of(int exif) {
    return switch (exif) {
      case 2 -> new Orientation(false, true, false);
      case 3 -> new Orientation(false, true, true);
      case 4 -> new Orientation(false, false, true);
      case 5 -> new Orientation(true, false, false);
      case 6 -> new Orientation(true, false, true);
      case 7 -> new Orientation(true, true, true);
      case 8 -> new Orientation(true, true, false);
      default -> NORMAL;
    };
  }

  /** Under the names of javax.imageio's standard metadata, such as {@code Rotate90}. */
  static Orientation named(String imageOrientation) {
    // The readers of the JDK and of TwelveMonkeys agree on these names, and turn counter-clockwise.
    return switch (imageOrientation) {
      case "FlipH" -> of(2);
      case "Rotate180" -> of(3);
      case "FlipV" -> of(4);
      case "FlipHRotate90" -> of(5);
      case "Rotate270" -> of(6);
      case "FlipVRotate90" -> of(7);
      case "Rotate90" -> of(8);
      default -> NORMAL;
    };
  }

  /** The size that is shown. */
  Pictures.Size shown(Pictures.Size stored) {
    return transposed ? new Pictures.Size(stored.height(), stored.width()) : stored;
  }

  /**
   * The picture as it is shown.
   *
   * @param rgb [stored height, stored width, 3]
   */
  byte[] apply(byte[] rgb, Pictures.Size stored) {
    if (equals(NORMAL)) {
      return rgb;
    }
    Pictures.Size shown = shown(stored);
    byte[] out = new byte[rgb.length];
    for (int y = 0, to = 0; y < shown.height(); y++) {
      for (int x = 0; x < shown.width(); x++, to += 3) {
        int column = transposed ? y : x;
        int row = transposed ? x : y;
        column = backwardX ? stored.width() - 1 - column : column;
        row = backwardY ? stored.height() - 1 - row : row;
        System.arraycopy(rgb, 3 * (row * stored.width() + column), out, to, 3);
      }
    }
    return out;
  }
}
