package medsora.paper;

/** The scalar state-space model of section 2.2 in both of its forms, for one head. */
final class StateSpaceModel {
  private StateSpaceModel() {}

  /**
   * Eq. 3: h_t = A_t h_(t-1) + B_t x_t, y_t = C_t^T h_t.
   *
   * @param a A_t, a number for each step
   * @param b B_t [T][N]
   * @param c C_t [T][N]
   * @param x x_t [T][P]
   */
  static double[][] recurrence(double[] a, double[][] b, double[][] c, double[][] x) {
    int n = b[0].length;
    int p = x[0].length;
    double[][] h = new double[n][p];
    double[][] y = new double[x.length][p];
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < p; j++) {
          h[i][j] = a[t] * h[i][j] + b[t][i] * x[t][j];
          y[t][j] += c[t][i] * h[i][j];
        }
      }
    }
    return y;
  }

  /** Eq. 4: M_ij = C_i^T A_i ... A_(j+1) B_j for i >= j, else 0. */
  static double[][] matrix(double[] a, double[][] b, double[][] c) {
    double[][] m = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        double product = 1;
        for (int k = j + 1; k <= i; k++) {
          product *= a[k];
        }
        for (int s = 0; s < b[j].length; s++) {
          m[i][j] += c[i][s] * product * b[j][s];
        }
      }
    }
    return m;
  }

  /** y = M x. */
  static double[][] apply(double[][] m, double[][] x) {
    double[][] y = new double[x.length][x[0].length];
    for (int i = 0; i < m.length; i++) {
      for (int j = 0; j < x.length; j++) {
        for (int p = 0; p < x[0].length; p++) {
          y[i][p] += m[i][j] * x[j][p];
        }
      }
    }
    return y;
  }
}
