package medsora.metric.distance;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Number, mean and scatter, the sum of (x - mean)(x - mean)^T, of some samples, in double.
 *
 * <p>Their bits depend on the samples and their numbers alone. Blocks of {@link #BLOCK} samples,
 * which begin at multiples of it, are the leaves of the tree of sums that the numeric contract has
 * for gradients (N4, {@link MomentTree}): within a block the mean is a chain in the order of the
 * samples, divided by their number, and each entry of the scatter a chain of products of
 * differences to it. Two parts join by (Chan, Golub and LeVeque 1979)
 *
 * <pre>
 *   d = mean2 - mean1
 *   mean = mean1 + d * (n2 / n)
 *   scatter = (scatter1 + scatter2) + (d d^T) * (n1 n2 / n)
 * </pre>
 *
 * which, unlike a sum of squares less a square of sums, cancels no digits.
 */
public final class Moments {
  /** Samples of a leaf. */
  public static final int BLOCK = 256;

  /** Where the scatter has more entries than an array can hold. */
  private static final int MOST_DIMENSIONS = 40_000;

  private final long count;
  private final double[] mean;

  /** Rows of the lower triangle, row i of i + 1 entries; none where only means are wanted. */
  private final double[][] scatter;

  private Moments(long count, double[] mean, double[][] scatter) {
    this.count = count;
    this.mean = mean;
    this.scatter = scatter;
  }

  /** Of all rows of a set. */
  public static Moments of(FeatureRows rows) {
    return of(rows, true);
  }

  /** Number and mean alone. */
  static Moments meansOf(FeatureRows rows) {
    return of(rows, false);
  }

  private static Moments of(FeatureRows rows, boolean scatter) {
    MomentTree tree = new MomentTree();
    int blocks = (rows.count() + BLOCK - 1) / BLOCK;
    for (int b = 0; b < blocks; b++) {
      int from = b * BLOCK;
      float[][] leaf =
          IntStream.range(from, Math.min(rows.count(), from + BLOCK))
              .mapToObj(rows::row)
              .toArray(float[][]::new);
      tree.add(b, leaf(leaf, scatter));
    }
    return tree.join(blocks);
  }

  /**
   * Of the samples of one block, in their order.
   *
   * @param rows 1 to {@link #BLOCK} of one length; only the last block may have fewer
   */
  public static Moments ofBlock(List<float[]> rows) {
    if (rows.isEmpty() || rows.size() > BLOCK) {
      throw new IllegalArgumentException("[moments] a block of " + rows.size() + " samples");
    }
    return leaf(rows.toArray(float[][]::new), true);
  }

  private static Moments leaf(float[][] rows, boolean scatter) {
    int d = rows[0].length;
    if (scatter && d > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "[moments] " + d + " features; a covariance of at most " + MOST_DIMENSIONS + " fits");
    }
    double[] mean = new double[d];
    for (float[] row : rows) {
      for (int j = 0; j < d; j++) {
        mean[j] += row[j];
      }
    }
    for (int j = 0; j < d; j++) {
      mean[j] /= rows.length;
    }
    return new Moments(rows.length, mean, scatter ? scatter(rows, mean) : new double[0][]);
  }

  private static double[][] scatter(float[][] rows, double[] mean) {
    double[][] centred = new double[rows.length][];
    for (int k = 0; k < rows.length; k++) {
      centred[k] = less(rows[k], mean);
    }
    double[][] out = new double[mean.length][];
    IntStream.range(0, mean.length)
        .parallel()
        .forEach(i -> {
          double[] weights = new double[rows.length];
          for (int k = 0; k < rows.length; k++) {
            weights[k] = centred[k][i];
          }
          out[i] = new double[i + 1];
          Products.add(out[i], 0, i + 1, weights, centred, 0);
        });
    return out;
  }

  private static double[] less(float[] row, double[] mean) {
    double[] out = new double[mean.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = row[j] - mean[j];
    }
    return out;
  }

  /** This part and the one of the samples that follow, this one's arrays being used up. */
  Moments joined(Moments next) {
    double n = (double) count + next.count;
    double share = next.count / n;
    double factor = count * share;
    double[] d = new double[mean.length];
    for (int j = 0; j < d.length; j++) {
      d[j] = next.mean[j] - mean[j];
      mean[j] += d[j] * share;
    }
    IntStream.range(0, scatter.length)
        .parallel()
        .forEach(i -> {
          double[] row = scatter[i];
          double[] other = next.scatter[i];
          for (int j = 0; j <= i; j++) {
            row[j] = (row[j] + other[j]) + (d[i] * d[j]) * factor;
          }
        });
    return new Moments(count + next.count, mean, scatter);
  }

  /** Number of samples. */
  public long count() {
    return count;
  }

  /** Number of features. */
  public int dimensions() {
    return mean.length;
  }

  /** A copy of the mean. */
  public double[] mean() {
    return mean.clone();
  }

  /**
   * Scatter / (count - ddof), [dimensions, dimensions], both triangles.
   *
   * @param ddof 0 or 1; count - ddof must be above 0
   */
  public double[][] covariance(int ddof) {
    double divisor = divisor("", count, ddof);
    double[][] out = new double[mean.length][mean.length];
    for (int i = 0; i < mean.length; i++) {
      for (int j = 0; j <= i; j++) {
        out[i][j] = scatter[i][j] / divisor;
        out[j][i] = out[i][j];
      }
    }
    return out;
  }

  /** count - ddof, refused where it is no divisor. */
  static double divisor(String name, long count, int ddof) {
    if (ddof < 0 || ddof > 1 || count <= ddof) {
      throw new IllegalArgumentException(
          "[frechet] %s: a covariance with ddof %d wants more than %d samples, there are %d"
              .formatted(name.isEmpty() ? "samples" : name, ddof, Math.max(ddof, 0), count));
    }
    return count - ddof;
  }
}
