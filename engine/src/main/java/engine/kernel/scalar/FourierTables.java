package engine.kernel.scalar;

import org.jtransforms.utils.CommonUtils;

/**
 * The tables with which JTransforms transforms a power of two of complex numbers (its split-radix
 * way, after T. Ooura's package), and the chirp for every other length. The library fills its own
 * from the platform's sine and cosine, which differ between processors for about one double in ten;
 * these come from StrictMath, entry by entry by the library's formulas, so that they and with them
 * the transforms have the same bits everywhere (numeric contract N16).
 *
 * @param length the power of two, 1 or more
 * @param reversal the permutation's table; its first two places hold the sizes of the others
 * @param waves cosines and sines, length / 2 of them
 */
record FourierTables(int length, int[] reversal, double[] waves) {
  /** A quarter of pi, as the library writes it. */
  private static final double QUARTER_PI = 0.785398163397448278999490867136046290;

  static FourierTables of(int length) {
    int log2 = Integer.numberOfTrailingZeros(length);
    FourierTables tables =
        new FourierTables(length, new int[4 + (1 << (log2 / 2))], new double[length / 2]);
    tables.fill();
    return tables;
  }

  /** The table of the longest stage, then that of every shorter one, taken from the one before. */
  private void fill() {
    reversal[0] = waves.length;
    reversal[1] = 1;
    if (waves.length <= 2) {
      return;
    }
    double step = QUARTER_PI / (waves.length >> 1);
    double diagonal = StrictMath.cos(step * (waves.length >> 1));
    if (waves.length >> 1 > 4) {
      CommonUtils.makeipt(waves.length, reversal);
    }
    fillLongest(step, waves.length >> 1);
    int from = 0;
    for (int half = waves.length >> 1; half > 2; half >>= 1) {
      waves[from] = 1;
      waves[from + 1] = diagonal;
      fillNext(from, from + half, half >> 1);
      from += half;
    }
    waves[from] = 1;
    waves[from + 1] = diagonal;
  }

  private void fillLongest(double step, int half) {
    if (half == 4) {
      waves[2] = StrictMath.cos(step * 2);
      waves[3] = StrictMath.sin(step * 2);
    } else if (half > 4) {
      waves[2] = 0.5 / StrictMath.cos(step * 2);
      waves[3] = 0.5 / StrictMath.cos(step * 6);
      for (int j = 4; j < half; j += 4) {
        double angle = step * j;
        double triple = 3 * angle;
        waves[j] = StrictMath.cos(angle);
        waves[j + 1] = StrictMath.sin(angle);
        waves[j + 2] = StrictMath.cos(triple);
        waves[j + 3] = -StrictMath.sin(triple);
      }
    }
  }

  private void fillNext(int last, int next, int half) {
    if (half == 4) {
      waves[next + 2] = waves[last + 4];
      waves[next + 3] = waves[last + 5];
    } else if (half > 4) {
      waves[next + 2] = 0.5 / waves[last + 4];
      waves[next + 3] = 0.5 / waves[last + 6];
      for (int j = 4; j < half; j += 4) {
        System.arraycopy(waves, last + 2 * j, waves, next + j, 4);
      }
    }
  }

  /** exp(i pi k^2 / n) for k below {@code n}, real and imaginary; k^2 is taken modulo 2n first. */
  static double[] chirp(int n) {
    double[] chirp = new double[2 * n];
    double angle = Math.PI / n;
    for (int k = 0; k < n; k++) {
      long square = (long) k * k % (2L * n);
      chirp[2 * k] = StrictMath.cos(angle * square);
      chirp[2 * k + 1] = StrictMath.sin(angle * square);
    }
    return chirp;
  }
}
