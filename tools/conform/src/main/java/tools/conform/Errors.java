package tools.conform;

/** The distance of computed from expected numbers. */
final class Errors {
  private Errors() {}

  /**
   * max |got - expected| / max |expected|; the absolute difference where expected is all zero. NaN
   * where either side is not a number; equal infinities do not differ.
   */
  static double of(double[] got, double[] expected) {
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < got.length; i++) {
      if (got[i] != expected[i]) {
        difference = Math.max(difference, Math.abs(got[i] - expected[i]));
      }
      if (!Double.isInfinite(expected[i])) {
        scale = Math.max(scale, Math.abs(expected[i]));
      }
    }
    return scale == 0 ? difference : difference / scale;
  }

  static double of(float[] got, float[] expected) {
    return of(widened(got), widened(expected));
  }

  static double of(long[] got, long[] expected) {
    return of(widened(got), widened(expected));
  }

  static double[] widened(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  private static double[] widened(long[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }
}
