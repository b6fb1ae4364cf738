package engine.op;

/** Values at the edges of float32, for comparing bits. */
final class SpecialValues {
  private static final float[] VALUES = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    1e-30f,
    3e38f,
    -3e38f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    88.5f,
    -104f,
    1e-8f,
    7f
  };

  private SpecialValues() {}

  /** n values: the list above over and over; its prime length meets every lane. */
  static float[] repeated(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = VALUES[i % VALUES.length];
    }
    return x;
  }

  /** The same without infinities and NaN. */
  static float[] finite(int n) {
    float[] x = repeated(n);
    for (int i = 0; i < n; i++) {
      x[i] = Float.isFinite(x[i]) ? x[i] : 0.5f;
    }
    return x;
  }
}
