package medsora.metric.distance;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Euclidean distances of features to others of a set, in double. */
final class Neighbours {
  private Neighbours() {}

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
