package medsora.metric.distance;

import engine.reference.Formula;
import java.util.stream.IntStream;

/** Features by the formula of the reference numbers. */
final class RowsForTests {
  private RowsForTests() {}

  static FeatureRows of(long seed, long k, int count, int dimensions) {
    return of(seed, k, count, dimensions, 1, 0);
  }

  /** Values offset + amplitude * s, s in [-1, 1). */
  static FeatureRows of(
      long seed, long k, int count, int dimensions, double amplitude, double offset) {
    float[] values = Formula.input(seed, k, new long[] {count, dimensions}, amplitude, offset);
    return FeatureRows.of("k" + k, dimensions, values);
  }

  /** The same features with one of them constant and one twice another: a singular covariance. */
  static FeatureRows deficient(FeatureRows x) {
    return FeatureRows.of(
        x.name(),
        IntStream.range(0, x.count())
            .mapToObj(i -> {
              float[] row = x.row(i).clone();
              row[0] = 3;
              row[1] = 2 * row[2];
              return row;
            })
            .toList());
  }
}
