package engine.kernel.scalar;

import org.jtransforms.utils.CommonUtils;

/**
 * Transforms of n complex numbers in double, in place, real and imaginary by turns:
 *
 * <pre>{@code X[j] = sum over k of x[k] exp(-+2 pi i j k / n)}</pre>
 *
 * <p>JTransforms does them where n is a power of two. For other n they are Bluestein's convolution
 * (1970): with the chirp c[k] = exp(i pi k^2 / n), X[j] = c*[j] (sum over k of (x[k] c*[k])
 * c[j-k]), whose two transforms have the next power of two of 2n - 1 or more. JTransforms has a way
 * for small factors too, but its tables cannot be had from outside and come from the platform's
 * sine, and its real transforms call that sine while they run.
 */
final class FourierTransform {
  private final int n;
  private final FourierTables tables;

  /**
   * The chirp, and the transform of its inverse over the padded length; empty for powers of two.
   */
  private final double[] chirp;

  private final double[] filter;

  FourierTransform(int n) {
    this.n = n;
    if (Integer.bitCount(n) == 1) {
      tables = FourierTables.of(n);
      chirp = new double[0];
      filter = chirp;
    } else {
      tables = FourierTables.of(Integer.highestOneBit(2 * n - 1) << 1);
      chirp = FourierTables.chirp(n);
      filter = filter(tables, chirp);
    }
  }

  /** With exp(-2 pi i j k / n), in place from {@code from} on. */
  void forward(double[] x, int from) {
    if (chirp.length > 0) {
      convolve(x, from, 1);
    } else if (n > 1) {
      forward(tables, x, from);
    }
  }

  /** With exp(+2 pi i j k / n), not divided by n, in place from {@code from} on. */
  void inverse(double[] x, int from) {
    if (chirp.length > 0) {
      convolve(x, from, -1);
    } else if (n > 1) {
      inverse(tables, x, from);
    }
  }

  private static void forward(FourierTables t, double[] x, int from) {
    CommonUtils.cftbsub(2 * t.length(), x, from, t.reversal(), t.waves().length, t.waves());
  }

  private static void inverse(FourierTables t, double[] x, int from) {
    CommonUtils.cftfsub(2 * t.length(), x, from, t.reversal(), t.waves().length, t.waves());
  }

  /** The transform of c[k] / length, laid around 0: places below n, and as many from the end. */
  private static double[] filter(FourierTables tables, double[] chirp) {
    int length = tables.length();
    double[] filter = new double[2 * length];
    double scale = 1.0 / length;
    for (int i = 0; i < chirp.length; i += 2) {
      int mirrored = i == 0 ? 0 : 2 * length - i;
      filter[i] = chirp[i] * scale;
      filter[i + 1] = chirp[i + 1] * scale;
      filter[mirrored] = filter[i];
      filter[mirrored + 1] = filter[i + 1];
    }
    forward(tables, filter, 0);
    return filter;
  }

  /** {@code sign} -1 takes the conjugates of chirp and filter, for the inverse. */
  private void convolve(double[] x, int from, int sign) {
    double[] z = new double[2 * tables.length()];
    for (int i = 0; i < 2 * n; i += 2) {
      double im = sign * chirp[i + 1];
      z[i] = x[from + i] * chirp[i] + x[from + i + 1] * im;
      z[i + 1] = x[from + i + 1] * chirp[i] - x[from + i] * im;
    }
    forward(tables, z, 0);
    for (int i = 0; i < z.length; i += 2) {
      double im = sign * filter[i + 1];
      double re = z[i] * filter[i] - z[i + 1] * im;
      z[i + 1] = z[i] * im + z[i + 1] * filter[i];
      z[i] = re;
    }
    inverse(tables, z, 0);
    for (int i = 0; i < 2 * n; i += 2) {
      double im = sign * chirp[i + 1];
      x[from + i] = z[i] * chirp[i] + z[i + 1] * im;
      x[from + i + 1] = z[i + 1] * chirp[i] - z[i] * im;
    }
  }
}
