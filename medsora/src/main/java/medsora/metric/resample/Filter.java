package medsora.metric.resample;

/** The kernels of Pillow's resizing, and of PyTorch's with antialiasing (bilinear). */
public enum Filter {
  /** A triangle: 1 - |d| for |d| &lt; 1. */
  BILINEAR(1) {
    @Override
    double at(double d) {
      return Math.max(0, 1 - Math.abs(d));
    }
  },

  /** Keys' cubic with a = -0.5; PyTorch's cubic without antialiasing has -0.75. */
  BICUBIC(2) {
    @Override
    double at(double signed) {
      double d = Math.abs(signed);
      if (d < 1) {
        return ((A + 2) * d - (A + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * A : 0;
    }
  },

  /** sinc(d) sinc(d/3) for |d| &lt; 3. */
  LANCZOS(3) {
    @Override
    double at(double d) {
      return d >= -3 && d < 3 ? sinc(d) * sinc(d / 3) : 0;
    }
  };

  private static final double A = -0.5;

  private final int support;

  Filter(int support) {
    this.support = support;
  }

  /** Half the width of the kernel in pixels of the larger grid. */
  int support() {
    return support;
  }

  /** The weight at a distance, before weights are brought to a sum of 1. */
  abstract double at(double d);

  // StrictMath: the same bits on every machine, and before and after compilation.
  private static double sinc(double d) {
    double x = d * Math.PI;
    return x == 0 ? 1 : StrictMath.sin(x) / x;
  }
}
