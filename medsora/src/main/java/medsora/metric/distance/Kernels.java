package medsora.metric.distance;

import java.util.stream.IntStream;

/** The kernel (x.y / d + 1)^3 of samples, and discrepancies of some of them. */
abstract sealed class Kernels {
  /** Of the draws of subsets, apart from all other draws of a seed. */
  static final long STEP = 0x4b49;

  static Kernels of(FeatureRows x, FeatureRows y) {
    x.requireSameDimensions(y);
    if (x.count() < 2 || y.count() < 2) {
      throw new IllegalArgumentException(
          "[kernel distance] wants two samples of each set, got %d and %d"
              .formatted(x.count(), y.count()));
    }
    boolean fit = Math.max(x.count(), y.count()) <= KernelDistance.MOST;
    return fit ? new Kept(x, y) : new Anew(x, y);
  }

  /** The unbiased squared discrepancy of samples {@code i} of x and {@code j} of y. */
  abstract double discrepancy(int[] i, int[] j);

  /** All values, computed once. */
  private static final class Kept extends Kernels {
    private final double[][] xx;
    private final double[][] yy;
    private final double[][] xy;

    Kept(FeatureRows x, FeatureRows y) {
      double[][] ofX = wide(x);
      double[][] ofY = wide(y);
      xx = cubes(ofX, ofX);
      yy = cubes(ofY, ofY);
      xy = cubes(ofX, ofY);
    }

    private static double[][] wide(FeatureRows rows) {
      double[][] out = new double[rows.count()][rows.dimensions()];
      for (int i = 0; i < out.length; i++) {
        for (int c = 0; c < out[i].length; c++) {
          out[i][c] = rows.row(i)[c];
        }
      }
      return out;
    }

    private static double[][] cubes(double[][] a, double[][] b) {
      double[][] out = Products.outer(a, b);
      int d = a[0].length;
      for (double[] row : out) {
        for (int j = 0; j < row.length; j++) {
          double k = row[j] / d + 1;
          row[j] = k * k * k;
        }
      }
      return out;
    }

    @Override
    double discrepancy(int[] i, int[] j) {
      double n = i.length;
      double m = j.length;
      double within = apart(xx, i) / (n * (n - 1)) + apart(yy, j) / (m * (m - 1));
      double across = 0;
      for (int a : i) {
        double sum = 0;
        for (int b : j) {
          sum += xy[a][b];
        }
        across += sum;
      }
      return within - 2 * across / (n * m);
    }

    /** The sum over pairs of two different places. */
    private static double apart(double[][] kernel, int[] places) {
      double sum = 0;
      for (int a = 0; a < places.length; a++) {
        double row = 0;
        for (int b = 0; b < places.length; b++) {
          row += a == b ? 0 : kernel[places[a]][places[b]];
        }
        sum += row;
      }
      return sum;
    }
  }

  /** Where all values do not fit: those of each subset, when it is asked for. */
  private static final class Anew extends Kernels {
    private final FeatureRows x;
    private final FeatureRows y;

    Anew(FeatureRows x, FeatureRows y) {
      this.x = x;
      this.y = y;
    }

    @Override
    double discrepancy(int[] i, int[] j) {
      Kernels kept = new Kept(x.pick(i), y.pick(j));
      return kept.discrepancy(
          IntStream.range(0, i.length).toArray(), IntStream.range(0, j.length).toArray());
    }
  }
}
