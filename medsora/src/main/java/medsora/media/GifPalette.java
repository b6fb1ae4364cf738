package medsora.media;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Up to 256 colours for a whole video. The colours seen, counted in 32^3 cells, are split again and
 * again: always the group with the largest sum of squared deviations, at its mean, along the
 * channel in which it varies most. Frames then take the nearest colour after a small ordered
 * dither, which stands still from frame to frame where error diffusion would shimmer.
 */
final class GifPalette {
  private static final int[] BAYER = {
    0, 32, 8, 40, 2, 34, 10, 42, 48, 16, 56, 24, 50, 18, 58, 26, 12, 44, 4, 36, 14, 46, 6, 38, 60,
    28, 52, 20, 62, 30, 54, 22, 3, 35, 11, 43, 1, 33, 9, 41, 51, 19, 59, 27, 49, 17, 57, 25, 15, 47,
    7, 39, 13, 45, 5, 37, 63, 31, 55, 23, 61, 29, 53, 21
  };

  /** Strength of the dither in steps of 0..255, about the distance of neighbouring colours. */
  private static final int DITHER = 10;

  private final byte[][] colours;
  private final short[] nearest = new short[1 << 18];

  private GifPalette(byte[][] colours) {
    this.colours = colours;
    java.util.Arrays.fill(nearest, (short) -1);
  }

  /** Red, green and blue tables. */
  byte[][] colours() {
    return colours;
  }

  /** Occupied cells and the sums over them. */
  private record Group(int[] cells, double error, int channel, double mean, double[] colour) {}

  static GifPalette of(List<byte[]> frames) {
    long[] count = new long[1 << 15];
    long[][] sum = new long[3][1 << 15];
    for (byte[] f : frames) {
      for (int i = 0; i < f.length; i += 3) {
        int cell = (f[i] & 0xf8) << 7 | (f[i + 1] & 0xf8) << 2 | (f[i + 2] & 0xff) >> 3;
        count[cell]++;
        for (int c = 0; c < 3; c++) {
          sum[c][cell] += f[i + c] & 0xff;
        }
      }
    }
    List<Group> groups = new ArrayList<>();
    int[] all = java.util.stream.IntStream.range(0, 1 << 15).filter(i -> count[i] > 0).toArray();
    groups.add(group(all, count, sum));
    while (groups.size() < 256 && splitWorst(groups, count, sum)) {
      // Each round adds one colour.
    }
    byte[][] out = new byte[3][groups.size()];
    for (int g = 0; g < groups.size(); g++) {
      for (int c = 0; c < 3; c++) {
        out[c][g] = (byte) Math.rint(groups.get(g).colour[c]);
      }
    }
    return new GifPalette(out);
  }

  private static Group group(int[] cells, long[] count, long[][] sum) {
    double[] mean = new double[3];
    double[] error = new double[3];
    double n = 0;
    for (int cell : cells) {
      n += count[cell];
      for (int c = 0; c < 3; c++) {
        mean[c] += sum[c][cell];
      }
    }
    for (int c = 0; c < 3; c++) {
      mean[c] /= n;
    }
    int widest = 0;
    for (int c = 0; c < 3; c++) {
      for (int cell : cells) {
        double d = (double) sum[c][cell] / count[cell] - mean[c];
        error[c] += count[cell] * d * d;
      }
      widest = error[c] > error[widest] ? c : widest;
    }
    return new Group(cells, error[widest], widest, mean[widest], mean);
  }

  private static boolean splitWorst(List<Group> groups, long[] count, long[][] sum) {
    Group worst = groups.stream().max(Comparator.comparingDouble(Group::error)).orElseThrow();
    if (worst.error <= 0) {
      return false;
    }
    long[] channel = sum[worst.channel];
    int[] low =
        java.util.Arrays.stream(worst.cells)
            .filter(i -> (double) channel[i] / count[i] <= worst.mean)
            .toArray();
    int[] high =
        java.util.Arrays.stream(worst.cells)
            .filter(i -> (double) channel[i] / count[i] > worst.mean)
            .toArray();
    if (low.length == 0 || high.length == 0) {
      return false;
    }
    groups.set(groups.indexOf(worst), group(low, count, sum));
    groups.add(group(high, count, sum));
    return true;
  }

  /** Palette numbers of one frame. */
  byte[] indices(byte[] rgb, int height, int width) {
    byte[] out = new byte[height * width];
    for (int i = 0; i < out.length; i++) {
      int offset = (BAYER[(i / width & 7) * 8 + (i % width & 7)] * 2 - 63) * DITHER / 128;
      int r = clamp((rgb[i * 3] & 0xff) + offset);
      int g = clamp((rgb[i * 3 + 1] & 0xff) + offset);
      int b = clamp((rgb[i * 3 + 2] & 0xff) + offset);
      out[i] = (byte) lookup(r, g, b);
    }
    return out;
  }

  private int lookup(int r, int g, int b) {
    int cell = (r & 0xfc) << 10 | (g & 0xfc) << 4 | b >> 2;
    if (nearest[cell] < 0) {
      nearest[cell] = (short) search((r & 0xfc) + 2, (g & 0xfc) + 2, (b & 0xfc) + 2);
    }
    return nearest[cell];
  }

  private int search(int r, int g, int b) {
    int best = 0;
    int bestError = Integer.MAX_VALUE;
    for (int i = 0; i < colours[0].length; i++) {
      int dr = (colours[0][i] & 0xff) - r;
      int dg = (colours[1][i] & 0xff) - g;
      int db = (colours[2][i] & 0xff) - b;
      int error = 2 * dr * dr + 4 * dg * dg + db * db;
      if (error < bestError) {
        bestError = error;
        best = i;
      }
    }
    return best;
  }

  private static int clamp(int v) {
    return v < 0 ? 0 : Math.min(v, 255);
  }
}
