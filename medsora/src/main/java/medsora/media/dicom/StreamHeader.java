package medsora.media.dicom;

import java.io.IOException;
import medsora.media.jpeg.JpegHeader;

/**
 * What a coded picture says of its samples.
 *
 * @param components samples a pixel
 * @param bits of a sample
 * @param signed the coding itself knows signed samples, and these are
 * @param transformed the decoder turns YCbCr into RGB
 */
record StreamHeader(
    int width, int height, int components, int bits, boolean signed, boolean transformed) {
  private static final int MAX_BOXES = 1 << 12;

  static StreamHeader of(JpegHeader jpeg) {
    return new StreamHeader(
        jpeg.width(), jpeg.height(), jpeg.components(), jpeg.bits(), false, false);
  }

  /** JPEG-LS (ISO 14495-1, annex C): the frame header 0xfff7. */
  static StreamHeader jpegLs(byte[] b, Fragments place) throws IOException {
    int at = 2;
    while (at + 10 <= b.length && (b[at] & 0xff) == 0xff) {
      if ((b[at + 1] & 0xff) == 0xf7) {
        return new StreamHeader(
            word(b, at + 7), word(b, at + 5), b[at + 9] & 0xff, b[at + 4] & 0xff, false, false);
      }
      at += 2 + Math.max(word(b, at + 2), 2);
    }
    throw place.fault("a frame that is no JPEG-LS");
  }

  /** JPEG 2000 (ISO 15444-1, annex A): the markers SIZ and COD; within boxes too. */
  static StreamHeader jpeg2000(byte[] b, Fragments place) throws IOException {
    int soc = codeStream(b);
    if (soc < 0 || soc + 47 > b.length) {
      throw place.fault("a frame that is no JPEG 2000");
    }
    int depth = b[soc + 42] & 0xff;
    int width = Math.subtractExact(number(b, soc + 8), number(b, soc + 16));
    int height = Math.subtractExact(number(b, soc + 12), number(b, soc + 20));
    int components = word(b, soc + 40);
    boolean transformed = false;
    int at = soc + 2;
    while (at + 9 <= b.length && (b[at] & 0xff) == 0xff && (b[at + 1] & 0xff) != 0x90) {
      if ((b[at + 1] & 0xff) == 0x52) {
        transformed = b[at + 8] == 1;
      }
      at += 2 + Math.max(word(b, at + 2), 2);
    }
    return new StreamHeader(
        width, height, components, (depth & 0x7f) + 1, (depth & 0x80) != 0, transformed);
  }

  /** Whether the components of a JPEG 2000 have one depth and the size of the picture. */
  static boolean isEven(byte[] b) {
    int first = codeStream(b) + 42;
    int components = word(b, first - 2);
    for (int at = first; at < first + 3 * components && at + 3 <= b.length; at += 3) {
      if (b[at] != b[first] || b[at + 1] != 1 || b[at + 2] != 1) {
        return false;
      }
    }
    return true;
  }

  private static int codeStream(byte[] b) {
    for (int i = 0; i + 4 <= Math.min(b.length, MAX_BOXES); i++) {
      if (word(b, i) == 0xff4f && word(b, i + 2) == 0xff51) {
        return i;
      }
    }
    return -1;
  }

  private static int word(byte[] b, int at) {
    return at + 2 > b.length ? 0 : (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
  }

  private static int number(byte[] b, int at) {
    return word(b, at) << 16 | word(b, at + 2);
  }

  /** Refuses a picture that is not what the file around it says. */
  void check(PixelLayout layout, Fragments place) throws IOException {
    if (width != layout.columns()
        || height != layout.rows()
        || components != layout.samples()
        || bits < 1
        || bits > 16
        || (components == 3 && bits != 8)) {
      throw place.fault(
          "a picture of %dx%d with %d components of %d bits, the file says %dx%d with %d of %d"
              .formatted(
                  width,
                  height,
                  components,
                  bits,
                  layout.columns(),
                  layout.rows(),
                  layout.samples(),
                  layout.stored()));
    }
  }
}
