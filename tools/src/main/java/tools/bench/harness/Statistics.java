package tools.bench.harness;

import java.util.List;

/**
 * The middle of some values and where the middle half of them lies.
 *
 * @param low first quartile
 * @param high third quartile
 */
public record Statistics(double low, double median, double high) {
  /** Of at least one value; between values they are interpolated. */
  public static Statistics of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
    return new Statistics(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
  }

  private static double at(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
  }

  /** How far the quartiles lie apart, as a share of the median. */
  public double spread() {
    return (high - low) / median;
  }
}
