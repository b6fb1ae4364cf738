package medsora.media.jpeg;

import java.io.IOException;

/**
 * What a JPEG says of itself before its first scan (ISO 10918-1, annex B).
 *
 * @param process number of its frame header's marker: 0xc0 baseline, 0xc1 extended, 0xc2
 *     progressive, 0xc3 lossless
 * @param bits of a sample
 * @param components samples a pixel
 * @param transform Adobe's: 0 none, 1 YCbCr; -1 where it does not say
 * @param jfif it is a JFIF, whose three components always are YCbCr
 * @param blocks its components come in blocks of several samples, such as where some have fewer
 */
public record JpegHeader(
    int process,
    int bits,
    int height,
    int width,
    int components,
    int transform,
    boolean jfif,
    boolean blocks) {
  private static final int PROGRESSIVE = 0xc2;
  private static final int LOSSLESS = 0xc3;

  /** Reads it. */
  public static JpegHeader of(byte[] jpeg, Faults place) throws IOException {
    int transform = -1;
    boolean jfif = false;
    int frame = -1;
    int at = 2;
    while (at + 4 <= jpeg.length && (jpeg[at] & 0xff) == 0xff) {
      int marker = jpeg[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      int length = word(jpeg, at + 2);
      int end = at + 2 + length;
      if (marker == 0xda || length < 2 || end > jpeg.length) {
        break;
      }
      switch (marker) {
        case 0xe0 -> jfif |= starts(jpeg, at + 4, end, "JFIF");
        case 0xee ->
            transform =
                starts(jpeg, at + 4, end, "Adobe") && length >= 14
                    ? jpeg[at + 15] & 0xff
                    : transform;
        case 0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf ->
            frame = length >= 8 ? at : frame;
        default -> {}
      }
      at = end;
    }
    if (jpeg.length < 2 || word(jpeg, 0) != 0xffd8 || frame < 0) {
      throw place.fault("a frame that is no JPEG");
    }
    return new JpegHeader(
        jpeg[frame + 1] & 0xff,
        jpeg[frame + 4] & 0xff,
        word(jpeg, frame + 5),
        word(jpeg, frame + 7),
        jpeg[frame + 9] & 0xff,
        transform,
        jfif,
        blocks(jpeg, frame + 9));
  }

  /** Whether of several components one has a sampling factor that is not 1. */
  private static boolean blocks(byte[] jpeg, int count) {
    int components = jpeg[count] & 0xff;
    boolean blocks = false;
    for (int i = 0; components > 1 && i < components && count + 3 * i + 2 < jpeg.length; i++) {
      blocks |= jpeg[count + 2 + 3 * i] != 0x11;
    }
    return blocks;
  }

  private static int word(byte[] b, int at) {
    return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
  }

  private static boolean starts(byte[] b, int at, int end, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (at + i >= end || b[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  public boolean lossless() {
    return process == LOSSLESS;
  }

  /** Whether the Java runtime decodes it. */
  public boolean common() {
    return bits == 8 && (process == 0xc0 || process == 0xc1 || progressive());
  }

  public boolean progressive() {
    return process == PROGRESSIVE;
  }

  /** Whether ffmpeg decodes it: pictures of 12 bits. */
  public boolean external() {
    return bits == 12 && process == 0xc1 && components == 1;
  }

  /**
   * Whether three components are YCbCr, the file's own word being the last to be heard.
   *
   * @param otherwise what they are where the JPEG does not say
   */
  public boolean ycbcr(boolean otherwise) {
    if (transform >= 0) {
      return transform == 1;
    }
    // A JFIF of the lossless process keeps what it was given.
    return (jfif && !lossless()) || otherwise;
  }
}
