package medsora.metric.distance;

import java.util.stream.IntStream;

/**
 * Sums of products in double in one order: each sum is a chain over ascending k, every product and
 * every sum rounded. Written so that the virtual machine computes several sums at once, which
 * changes none of them; threads share out whole sums.
 */
final class Products {
  /** Columns that stay in the nearest caches while all k pass. */
  private static final int TILE = 256;

  private Products() {}

  /** out[at + j] += sum over k of weights[k] * rows[k][from + j], for 0 <= j < length. */
  static void add(double[] out, int at, int length, double[] weights, double[][] rows, int from) {
    int k = 0;
    for (; k + 4 <= weights.length; k += 4) {
      double a = weights[k];
      double b = weights[k + 1];
      double c = weights[k + 2];
      double d = weights[k + 3];
      double[] x = rows[k];
      double[] y = rows[k + 1];
      double[] z = rows[k + 2];
      double[] w = rows[k + 3];
      for (int j = 0; j < length; j++) {
        out[at + j] =
            (((out[at + j] + a * x[from + j]) + b * y[from + j]) + c * z[from + j])
                + d * w[from + j];
      }
    }
    for (; k < weights.length; k++) {
      double a = weights[k];
      double[] x = rows[k];
      for (int j = 0; j < length; j++) {
        out[at + j] += a * x[from + j];
      }
    }
  }

  /** x y^T of [n, d] and [m, d], as n rows of m. */
  static double[][] outer(double[][] x, double[][] y) {
    double[][] columns = transposed(y);
    double[][] out = new double[x.length][y.length];
    int tiles = (y.length + TILE - 1) / TILE;
    IntStream.range(0, x.length * tiles)
        .parallel()
        .forEach(task -> {
          int i = task % x.length;
          int from = task / x.length * TILE;
          add(out[i], from, Math.min(TILE, y.length - from), x[i], columns, from);
        });
    return out;
  }

  static double[][] transposed(double[][] x) {
    int width = x.length == 0 ? 0 : x[0].length;
    double[][] out = new double[width][x.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < width; j++) {
        out[j][i] = x[i][j];
      }
    }
    return out;
  }
}
