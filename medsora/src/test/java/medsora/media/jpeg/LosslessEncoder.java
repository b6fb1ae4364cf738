package medsora.media.jpeg;

import java.io.ByteArrayOutputStream;

/**
 * Writes lossless JPEG (ISO 10918-1, annex H) for tests, by the standard's formulas alone.
 *
 * @param bits of a sample, 2 to 16
 * @param components of a pixel, each in a scan of its own unless {@code interleaved}
 * @param predictor 1 to 7 (table H.1)
 * @param transform the point transform: so many low bits are left out
 * @param restartRows rows of a restart interval; 0 for none
 */
public record LosslessEncoder(
    int width,
    int height,
    int bits,
    int components,
    int predictor,
    int transform,
    int restartRows,
    boolean interleaved) {
  /** Number of codes of each length: one of 2 bits, five of 3, then one of each up to 14. */
  private static final int[] COUNTS = {0, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};

  private static final int CATEGORIES = 17;

  /** Bits on their way into bytes, of which each 0xff is followed by 0. */
  private static final class Bits {
    final ByteArrayOutputStream out;
    private int kept;
    private int count;

    Bits(ByteArrayOutputStream out) {
      this.out = out;
    }

    void put(int value, int bits) {
      for (int i = bits - 1; i >= 0; i--) {
        kept = kept << 1 | (value >> i & 1);
        if (++count == 8) {
          out.write(kept);
          if (kept == 0xff) {
            out.write(0);
          }
          kept = 0;
          count = 0;
        }
      }
    }

    void flush() {
      while (count > 0) {
        put(1, 1);
      }
    }
  }

  /**
   * Encodes a picture.
   *
   * @param samples pixel by pixel, row by row, each of {@link #bits}
   */
  public byte[] encode(int[] samples) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    word(out, 0xffd8);
    frameHeader(out);
    table(out);
    if (restartRows > 0) {
      words(out, 0xffdd, 4, restartRows * width);
    }
    if (interleaved) {
      scan(out, samples, 0, components);
    } else {
      for (int c = 0; c < components; c++) {
        scan(out, samples, c, c + 1);
      }
    }
    if (out.size() % 2 == 1) {
      // DCMTK fills an odd length before the last marker, where a byte 0xff is allowed.
      out.write(0xff);
    }
    word(out, 0xffd9);
    return out.toByteArray();
  }

  private static void word(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private static void words(ByteArrayOutputStream out, int... values) {
    for (int v : values) {
      word(out, v);
    }
  }

  private void frameHeader(ByteArrayOutputStream out) {
    words(out, 0xffc3, 8 + 3 * components);
    out.write(bits);
    words(out, height, width);
    out.write(components);
    for (int c = 1; c <= components; c++) {
      out.write(c);
      out.write(0x11);
      out.write(0);
    }
  }

  private static void table(ByteArrayOutputStream out) {
    words(out, 0xffc4, 2 + 17 + CATEGORIES);
    out.write(0);
    for (int n : COUNTS) {
      out.write(n);
    }
    // The common categories get the short codes.
    for (int i = 0; i < CATEGORIES; i++) {
      out.write(category(i));
    }
  }

  /** The category of the i-th code: 2 to 16, 0, 1. */
  private static int category(int code) {
    return (code + 2) % CATEGORIES;
  }

  private void scan(ByteArrayOutputStream out, int[] samples, int from, int to) {
    words(out, 0xffda, 6 + 2 * (to - from));
    out.write(to - from);
    for (int c = from; c < to; c++) {
      out.write(c + 1);
      out.write(0);
    }
    out.write(predictor);
    out.write(0);
    out.write(transform);
    Bits data = new Bits(out);
    for (int y = 0; y < height; y++) {
      boolean begins = restartRows > 0 ? y % restartRows == 0 : y == 0;
      if (begins && y > 0) {
        data.flush();
        word(out, 0xffd0 + (y / restartRows - 1) % 8);
      }
      for (int x = 0; x < width; x++) {
        for (int c = from; c < to; c++) {
          difference(data, sample(samples, x, y, c) - prediction(samples, x, y, c, begins));
        }
      }
    }
    data.flush();
  }

  private int sample(int[] samples, int x, int y, int c) {
    return samples[(y * width + x) * components + c] >> transform;
  }

  private int prediction(int[] samples, int x, int y, int c, boolean begins) {
    if (x == 0) {
      return begins ? 1 << (bits - transform - 1) : sample(samples, x, y - 1, c);
    }
    int a = sample(samples, x - 1, y, c);
    if (begins) {
      return a;
    }
    int b = sample(samples, x, y - 1, c);
    int d = sample(samples, x - 1, y - 1, c);
    return switch (predictor) {
      case 1 -> a;
      case 2 -> b;
      case 3 -> d;
      case 4 -> a + b - d;
      case 5 -> a + ((b - d) >> 1);
      case 6 -> b + ((a - d) >> 1);
      default -> (a + b) >> 1;
    };
  }

  /** A difference modulo 2^16: its category, and its bits; of category 16 there is but one. */
  private static void difference(Bits data, int difference) {
    int d = (short) difference;
    int category = d == Short.MIN_VALUE ? 16 : 32 - Integer.numberOfLeadingZeros(Math.abs(d));
    int i = (category + CATEGORIES - 2) % CATEGORIES;
    int code = 0;
    int before = 0;
    for (int length = 1; length <= 16; length++) {
      int n = COUNTS[length - 1];
      if (i < before + n) {
        data.put(code + i - before, length);
        break;
      }
      code = (code + n) << 1;
      before += n;
    }
    if (category < 16) {
      data.put(d >= 0 ? d : d - 1, category);
    }
  }
}
