package tools.conform;

/**
 * A tensor in five numbers, as files hold tensors that are too large to be stored: [sum, L2 norm,
 * first element, last element] and the largest magnitude.
 */
record Statistics(double sum, double norm, double first, double last, double largest) {
  static final int COLUMNS = 5;

  static Statistics of(float[] values) {
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (float v : values) {
      sum += v;
      squares += (double) v * v;
      largest = Math.max(largest, Math.abs(v));
    }
    int n = values.length;
    UnfitException.unless(n > 0, "an empty tensor has no statistics");
    return new Statistics(sum, Math.sqrt(squares), values[0], values[n - 1], largest);
  }

  /**
   * The error against a row of 2, 4 or 5 columns: the difference relative to the tensor's largest
   * magnitude (to its norm in shorter rows, which lack it), of the norm to itself, of the sum to
   * the larger of itself and the norm.
   */
  double error(double[] row) {
    double scale = row.length == COLUMNS ? row[4] : row[1];
    double[] got = {sum, norm, first, last, largest};
    double[] scales = {Math.max(Math.abs(row[0]), row[1]), row[1], scale, scale, scale};
    double error = 0;
    for (int i = 0; i < row.length; i++) {
      double difference = Math.abs(got[i] - row[i]);
      error = Math.max(error, scales[i] > 0 ? difference / scales[i] : difference);
    }
    return error;
  }
}
