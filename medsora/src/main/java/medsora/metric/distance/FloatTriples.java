package medsora.metric.distance;

/**
 * Doubles as three float32 each, v = a + b + c with a = float(v), b = float(v - a), c = float(v - a
 * - b): exact for every v that float32 reaches, so that what is computed in double can be kept in a
 * file of features.
 */
public final class FloatTriples {
  /** Floats of a double. */
  public static final int SIZE = 3;

  private FloatTriples() {}

  /** Writes a double. */
  public static void put(float[] out, int at, double value) {
    out[at] = (float) value;
    out[at + 1] = (float) (value - out[at]);
    out[at + 2] = (float) (value - out[at] - out[at + 1]);
  }

  /** The double that was written. */
  public static double get(float[] from, int at) {
    return (double) from[at] + from[at + 1] + from[at + 2];
  }

  /** Whether a double comes back as it was; one beyond 3.4e38 does not. */
  public static boolean holds(double value) {
    float[] triple = new float[SIZE];
    put(triple, 0, value);
    return get(triple, 0) == value;
  }
}
