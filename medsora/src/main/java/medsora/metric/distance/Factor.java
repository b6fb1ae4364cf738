package medsora.metric.distance;

import java.util.ArrayList;
import java.util.List;

/**
 * A matrix F [r, d] with F^T F = C, a covariance [d, d]: its rows are either the centred samples
 * over sqrt(n - ddof), which costs nothing and loses nothing, or the columns of a Cholesky factor.
 * Then tr (C1 C2)^(1/2) is the sum of the singular values of F1 F2^T, for (F1 F2^T)(F1 F2^T)^T has
 * the eigenvalues of C1 C2 but for zeros.
 *
 * @param rows r of them; none where C is zero
 */
record Factor(double[][] rows) {
  /** The smallest pivot that is no rounding error of the largest one, per dimension. */
  private static final double NOISE = 0x1p-52;

  /** Centred samples. */
  static Factor ofRows(FeatureRows x, double[] mean, int ddof) {
    double scale = 1 / Math.sqrt(Moments.divisor(x.name(), x.count(), ddof));
    double[][] out = new double[x.count()][mean.length];
    for (int i = 0; i < out.length; i++) {
      float[] row = x.row(i);
      for (int j = 0; j < mean.length; j++) {
        out[i][j] = (row[j] - mean[j]) * scale;
      }
    }
    return new Factor(out);
  }

  /**
   * Cholesky's factor by diagonal pivots, the largest remaining one first, until what remains is
   * rounding: a singular C has fewer rows than columns. Column by column, as LAPACK's dpstrf
   * (Higham 1990); unlike a symmetric square root it wants no eigenvectors.
   */
  static Factor ofCovariance(double[][] c) {
    int d = c.length;
    double[] remaining = new double[d];
    for (int i = 0; i < d; i++) {
      remaining[i] = c[i][i];
    }
    boolean[] done = new boolean[d];
    int p = largest(remaining, done);
    double floor = d * NOISE * remaining[p];
    List<double[]> rows = new ArrayList<>();
    while (p >= 0 && remaining[p] > floor) {
      double[] row = c[p].clone();
      double[] weights = new double[rows.size()];
      for (int k = 0; k < weights.length; k++) {
        weights[k] = -rows.get(k)[p];
      }
      Products.add(row, 0, d, weights, rows.toArray(double[][]::new), 0);
      double root = Math.sqrt(remaining[p]);
      for (int j = 0; j < d; j++) {
        row[j] = done[j] ? 0 : row[j] / root;
        remaining[j] -= row[j] * row[j];
      }
      row[p] = root;
      done[p] = true;
      rows.add(row);
      p = largest(remaining, done);
    }
    return new Factor(rows.toArray(double[][]::new));
  }

  /** The first of the largest that is not done, or -1. */
  private static int largest(double[] values, boolean[] done) {
    int best = -1;
    for (int i = 0; i < values.length; i++) {
      if (!done[i] && (best < 0 || values[i] > values[best])) {
        best = i;
      }
    }
    return best;
  }

  /** tr C. */
  double trace() {
    double sum = 0;
    for (double[] row : rows) {
      for (double v : row) {
        sum += v * v;
      }
    }
    return sum;
  }

  /** tr (C1 C2)^(1/2). */
  double traceOfRoot(Factor other) {
    return SingularValues.sum(Products.outer(rows, other.rows));
  }
}
