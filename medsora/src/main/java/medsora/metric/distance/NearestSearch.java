package medsora.metric.distance;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The nearest of very many vectors to each of some: the many come in blocks and are not held. By
 * Euclidean distances in double, exact: what is passed over unseen is farther, for the squares of
 * the differences of means over runs of features, times their lengths, are at most those of the
 * features themselves (Jensen). Of equally near ones the first; the same at any number of threads
 * and in blocks of any length.
 */
public final class NearestSearch {
  /** A bound must be above the least square by more than both are rounded. */
  private static final double SLACK = 1 + 1e-9;

  /** Features of a run. */
  private static final int RUN = 64;

  private final FeatureRows from;
  private final double[][] means;
  private final int[] nearest;
  private final double[] squares;
  private int seen;

  /** For each of these samples. */
  public NearestSearch(FeatureRows from) {
    this.from = from;
    this.means =
        IntStream.range(0, from.count()).mapToObj(i -> means(from.row(i))).toArray(double[][]::new);
    this.nearest = new int[from.count()];
    this.squares = new double[from.count()];
    Arrays.fill(nearest, -1);
    Arrays.fill(squares, Double.POSITIVE_INFINITY);
  }

  /** Of samples that are at hand, all of them in one block. */
  public static NearestSearch of(FeatureRows from, FeatureRows to) {
    from.requireSameDimensions(to);
    NearestSearch search = new NearestSearch(from);
    float[][] all = IntStream.range(0, to.count()).mapToObj(to::row).toArray(float[][]::new);
    search.add(i -> true, all);
    return search;
  }

  /**
   * Takes the next vectors, which are numbered on from the last block.
   *
   * @param wanted which of the samples may have one of these for their nearest
   * @param block of vectors as long as the samples
   */
  public void add(IntPredicate wanted, float[]... block) {
    for (float[] row : block) {
      if (row.length != from.dimensions()) {
        throw new IllegalArgumentException(
            "[nearest] %d features, %s has %d"
                .formatted(row.length, from.name(), from.dimensions()));
      }
    }
    double[][] ofBlock = Arrays.stream(block).map(NearestSearch::means).toArray(double[][]::new);
    IntStream.range(0, from.count())
        .parallel()
        .filter(wanted)
        .forEach(i -> {
          for (int j = 0; j < block.length; j++) {
            compare(i, block[j], ofBlock[j], seen + j);
          }
        });
    seen = Math.addExact(seen, block.length);
  }

  private void compare(int i, float[] row, double[] meansOfRow, int number) {
    if (bound(means[i], meansOfRow) > squares[i] * SLACK) {
      return;
    }
    float[] mine = from.row(i);
    double sum = 0;
    for (int start = 0; start < row.length && sum < squares[i]; start += RUN) {
      for (int j = start; j < Math.min(start + RUN, row.length); j++) {
        double d = (double) mine[j] - row[j];
        sum += d * d;
      }
    }
    if (sum < squares[i]) {
      squares[i] = sum;
      nearest[i] = number;
    }
  }

  private static double[] means(float[] row) {
    double[] out = new double[(row.length + RUN - 1) / RUN];
    for (int j = 0; j < row.length; j++) {
      out[j / RUN] += row[j];
    }
    for (int r = 0; r < out.length; r++) {
      out[r] /= Math.min(RUN, row.length - r * RUN);
    }
    return out;
  }

  /** Of the square of a distance, from below; the last run, which may be short, is left out. */
  private double bound(double[] a, double[] b) {
    double sum = 0;
    for (int r = 0; r < from.dimensions() / RUN; r++) {
      sum += (a[r] - b[r]) * (a[r] - b[r]);
    }
    return RUN * sum;
  }

  /** The number of the nearest vector to a sample; -1 where none was wanted. */
  public int nearest(int sample) {
    return nearest[sample];
  }

  /** Its distance; infinite where none was wanted. */
  public double distance(int sample) {
    return Math.sqrt(squares[sample]);
  }
}
