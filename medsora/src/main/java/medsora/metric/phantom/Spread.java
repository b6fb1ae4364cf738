package medsora.metric.phantom;

/**
 * Where some numbers lie.
 *
 * @param mean of them
 * @param deviation the root of the mean square from it
 */
record Spread(double mean, double deviation) {
  /** Of {@code count} elements of x from {@code from} on, each {@code stride} behind the last. */
  static Spread of(float[] x, int from, int stride, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += x[from + k * stride];
    }
    double mean = sum / count;
    double squares = 0;
    for (int k = 0; k < count; k++) {
      double away = x[from + k * stride] - mean;
      squares += away * away;
    }
    return new Spread(mean, Math.sqrt(squares / count));
  }
}
