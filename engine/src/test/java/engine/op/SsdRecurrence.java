package engine.op;

/**
 * The state space model of Mamba-2 as the paper defines it, one step after another in double
 * precision: h_t = exp(dt_t A) h_{t-1} + dt_t x_t B_t^T, y_t = C_t h_t + D x_t. The oracle of the
 * chunked scan.
 */
record SsdRecurrence(int batch, int length, int heads, int headDim, int groups, int state) {
  /**
   * y and the final state, row-major; c may be null if y is not asked for, d and initial always.
   */
  record Result(double[] y, double[] finalState) {}

  Result run(
      double[] x, double[] dt, double[] a, double[] b, double[] c, double[] d, double[] initial) {
    double[] y = new double[batch * length * heads * headDim];
    double[] last = new double[batch * heads * headDim * state];
    for (int s = 0; s < batch; s++) {
      for (int head = 0; head < heads; head++) {
        int group = head / (heads / groups);
        for (int p = 0; p < headDim; p++) {
          double[] h = new double[state];
          int stateAt = ((s * heads + head) * headDim + p) * state;
          if (initial != null) {
            System.arraycopy(initial, stateAt, h, 0, state);
          }
          for (int t = 0; t < length; t++) {
            int step = (s * length + t) * heads + head;
            double xt = x[step * headDim + p];
            double sum = d == null ? 0 : d[head] * xt;
            double decay = Math.exp(dt[step] * a[head]);
            for (int n = 0; n < state; n++) {
              int bc = ((s * length + t) * groups + group) * state + n;
              h[n] = decay * h[n] + dt[step] * xt * b[bc];
              sum += c == null ? 0 : c[bc] * h[n];
            }
            y[step * headDim + p] = sum;
          }
          System.arraycopy(h, 0, last, stateAt, state);
        }
      }
    }
    return new Result(y, last);
  }
}
