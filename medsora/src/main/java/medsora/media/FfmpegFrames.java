package medsora.media;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes that ffmpeg delivers to the picture that is shown, for frames of one kind: planes
 * to RGB, pixels made square, turned upright.
 *
 * <p>For the usual 8-bit planar formats the decoded planes themselves come over and {@link
 * YuvToRgb} converts them, so that the bytes do not depend on ffmpeg's version or the processor;
 * other formats come as rgb24 from ffmpeg's accurate converter.
 */
final class FfmpegFrames {
  /** Chroma shifts of a planar format, and whether it is full range by its name. */
  private record Planar(int shiftX, int shiftY, boolean full) {}

  private static final Map<String, Planar> PLANAR =
      Map.of(
          "yuv420p", new Planar(1, 1, false),
          "yuv422p", new Planar(1, 0, false),
          "yuv444p", new Planar(0, 0, false),
          "yuvj420p", new Planar(1, 1, true),
          "yuvj422p", new Planar(1, 0, true),
          "yuvj444p", new Planar(0, 0, true));

  /**
   * What frames of one kind have in common.
   *
   * @param format pixel format, one of {@link #wanted}
   * @param sarWidth width of a pixel in units of its height, times {@code sarHeight}; 0: unknown
   */
  record Kind(
      String format,
      int width,
      int height,
      int sarWidth,
      int sarHeight,
      FfmpegStream.Colours colours) {
    static Kind of(FfmpegLog.Frame f) {
      return new Kind(f.format(), f.width(), f.height(), f.sarWidth(), f.sarHeight(), f.colours());
    }

    /** Columns after the pixels were made square; a hundredth more or less is left as it is. */
    int squareWidth() {
      return SquarePixels.width(width, sarWidth, sarHeight);
    }
  }

  private final Kind kind;
  private final Orientation orientation;
  private final @Nullable YuvToRgb converter;
  private final @Nullable SquarePixels square;
  private final byte[] stored;
  private final byte[] widened;

  /**
   * Prepares for frames of one kind.
   *
   * @throws VideoException when they would take too much memory
   */
  FfmpegFrames(String file, ReadLimits limits, Kind kind, Orientation orientation)
      throws VideoException {
    this.kind = kind;
    this.orientation = orientation;
    int squareWidth = kind.squareWidth();
    limits.checkSize(file, kind.width, kind.height);
    limits.checkSize(file, squareWidth, kind.height);
    long bytes = 3L * kind.height * kind.width;
    limits.checkMemory(file, 3 * bytes + 3L * kind.height * squareWidth);
    Planar planar = PLANAR.get(kind.format);
    converter = planar == null ? null : converter(planar);
    square = squareWidth == kind.width ? null : new SquarePixels(kind.width, squareWidth);
    boolean turned = !orientation.equals(Orientation.UPRIGHT);
    stored = new byte[square != null || turned ? (int) bytes : 0];
    widened = new byte[square != null && turned ? 3 * kind.height * squareWidth : 0];
  }

  /** The format to ask ffmpeg for. */
  static String wanted(String decoded) {
    return isPlanar(decoded) ? decoded : "rgb24";
  }

  /** Whether frames of this format come over as they were decoded. */
  static boolean isPlanar(String format) {
    return PLANAR.containsKey(format);
  }

  private YuvToRgb converter(Planar planar) {
    boolean full = planar.full || kind.colours.range().equals("pc");
    YuvToRgb.Matrix matrix = YuvToRgb.Matrix.of(kind.colours.space());
    return new YuvToRgb(kind.width, kind.height, planar.shiftX, planar.shiftY, matrix, full);
  }

  /** Bytes of a frame as ffmpeg delivers it. */
  int rawBytes() {
    int luma = kind.width * kind.height;
    return converter == null
        ? 3 * luma
        : luma + 2 * converter.chromaWidth() * converter.chromaHeight();
  }

  /** Columns shown. */
  int width() {
    return orientation.width(kind.squareWidth(), kind.height);
  }

  /** Rows shown. */
  int height() {
    return orientation.height(kind.squareWidth(), kind.height);
  }

  /**
   * Converts one frame.
   *
   * @param raw as ffmpeg delivers it
   * @param rgb receives what is shown
   */
  void show(byte[] raw, byte[] rgb) {
    boolean turned = !orientation.equals(Orientation.UPRIGHT);
    byte[] first = stored.length > 0 ? stored : rgb;
    toRgb(raw, first);
    byte[] second = first;
    if (square != null) {
      second = turned ? widened : rgb;
      square.apply(first, kind.height, second);
    }
    if (turned) {
      orientation.apply(second, kind.squareWidth(), kind.height, rgb);
    }
  }

  private void toRgb(byte[] raw, byte[] rgb) {
    if (converter == null) {
      System.arraycopy(raw, 0, rgb, 0, rawBytes());
      return;
    }
    int luma = kind.width * kind.height;
    int cw = converter.chromaWidth();
    int chroma = cw * converter.chromaHeight();
    converter.convert(
        new YuvToRgb.Plane(raw, 0, kind.width, 0),
        new YuvToRgb.Plane(raw, luma, cw, 0),
        new YuvToRgb.Plane(raw, luma + chroma, cw, 0),
        rgb);
  }
}
