package medsora.metric.distance;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Euclidean distances of features to their nearest ones in a set, in double. */
final class Neighbours {
  private Neighbours() {}

  /**
   * A sample's nearest one.
   *
   * @param sample its number in the set that was searched
   * @param distance to it
   */
  record Nearest(int sample, double distance) {}

  /**
   * The nearest sample of a set to each of some samples; the first of equally near ones.
   *
   * @param itself whether {@code from} is {@code to} and a sample is no neighbour of its own
   */
  static Nearest[] nearest(FeatureRows from, FeatureRows to, boolean itself) {
    from.requireSameDimensions(to);
    if (to.count() < (itself ? 2 : 1)) {
      throw new IllegalArgumentException("[neighbours] " + to.name() + " has no other sample");
    }
    return IntStream.range(0, from.count())
        .parallel()
        .mapToObj(i -> nearest(from.row(i), to, itself ? i : -1))
        .toArray(Nearest[]::new);
  }

  private static Nearest nearest(float[] row, FeatureRows to, int except) {
    int best = -1;
    double least = 0;
    for (int j = 0; j < to.count(); j++) {
      double square = j == except ? 0 : square(row, to.row(j));
      if (j != except && (best < 0 || square < least)) {
        best = j;
        least = square;
      }
    }
    return new Nearest(best, Math.sqrt(least));
  }

  /** The square of each sample's distance to its k-th nearest other one of the set. */
  static double[] squaresToKth(FeatureRows rows, int k) {
    if (k < 1 || k >= rows.count()) {
      throw new IllegalArgumentException(
          "[neighbours] %s: neighbour %d of %d samples".formatted(rows.name(), k, rows.count()));
    }
    return IntStream.range(0, rows.count())
        .parallel()
        .mapToDouble(i -> {
          double[] squares =
              IntStream.range(0, rows.count())
                  .filter(j -> j != i)
                  .mapToDouble(j -> square(rows.row(i), rows.row(j)))
                  .toArray();
          Arrays.sort(squares);
          return squares[k - 1];
        })
        .toArray();
  }

  static double square(float[] a, float[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double d = (double) a[j] - b[j];
      sum += d * d;
    }
    return sum;
  }
}
