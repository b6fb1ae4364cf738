package medsora.media;

/**
 * Stretches or shrinks the rows of a picture whose pixels are not square: each new pixel is the
 * mean of the old ones under a triangle that reaches one pixel of the coarser grid to either side.
 * Integer arithmetic, so that the bytes are the same on every machine.
 */
public final class SquarePixels {
  private static final int BITS = 14;

  /** Pixels of a stranger shape than this are taken for a mistake. */
  private static final int MAX_STRETCH = 10;

  private final int from;
  private final int to;
  private final int[] first;
  private final int[][] weights;

  /**
   * Prepares for rows of one length.
   *
   * @param from pixels of a stored row
   * @param to pixels of a shown row
   */
  public SquarePixels(int from, int to) {
    this.from = from;
    this.to = to;
    first = new int[to];
    weights = new int[to][];
    double step = (double) from / to;
    double reach = Math.max(1, step);
    for (int x = 0; x < to; x++) {
      double centre = (x + 0.5) * step - 0.5;
      int begin = Math.max(0, (int) Math.ceil(centre - reach));
      int end = Math.min(from - 1, (int) Math.floor(centre + reach));
      first[x] = begin;
      weights[x] = weights(centre, reach, begin, end);
    }
  }

  /**
   * The pixels of a row as it is shown. A difference of a hundredth is no difference, and what is
   * beyond reason is not obeyed.
   *
   * @param stored pixels of a stored row
   * @param wide width of a pixel, in any unit; below 1 where it is not known
   * @param high height of a pixel in the same unit
   */
  public static int width(int stored, long wide, long high) {
    if (wide < 1 || high < 1 || wide > MAX_STRETCH * high || high > MAX_STRETCH * wide) {
      return stored;
    }
    long square = Math.max(1, (2 * stored * wide + high) / (2 * high));
    return Math.abs(square - stored) * 100 <= stored ? stored : Math.toIntExact(square);
  }

  /** What is rounded away goes to the pixel that counts most, so that the sum is exact. */
  private static int[] weights(double centre, double reach, int begin, int end) {
    double[] exact = new double[end - begin + 1];
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = Math.max(0, 1 - Math.abs(begin + i - centre) / reach);
      sum += exact[i];
    }
    int[] whole = new int[exact.length];
    int rest = 1 << BITS;
    int largest = 0;
    for (int i = 0; i < exact.length; i++) {
      whole[i] = (int) Math.rint(exact[i] / sum * (1 << BITS));
      rest -= whole[i];
      largest = whole[i] > whole[largest] ? i : largest;
    }
    whole[largest] += rest;
    return whole;
  }

  /**
   * Resamples every row.
   *
   * @param rgb [height, from, 3]
   * @param out receives [height, to, 3]
   */
  public void apply(byte[] rgb, int height, byte[] out) {
    for (int row = 0; row < height; row++) {
      for (int x = 0; x < to; x++) {
        int in = 3 * (row * from + first[x]);
        for (int c = 0; c < 3; c++) {
          out[3 * (row * to + x) + c] = mean(rgb, in + c, weights[x]);
        }
      }
    }
  }

  private static byte mean(byte[] rgb, int at, int[] weights) {
    int sum = 1 << (BITS - 1);
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * (rgb[at + 3 * i] & 0xff);
    }
    return (byte) (sum >> BITS);
  }
}
