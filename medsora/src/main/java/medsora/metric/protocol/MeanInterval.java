package medsora.metric.protocol;

import java.util.Arrays;
import java.util.List;
import medsora.metric.distance.Quantiles;

/**
 * A mean over clips, or the difference of two such means, and the interval of 95 % in which it
 * falls when the clips are drawn anew with repetition (Efron's percentiles).
 *
 * @param mean or difference of means
 * @param low end of the interval
 * @param high end of it
 */
public record MeanInterval(double mean, double low, double high) {
  private static final double TAIL = 0.025;
  private static final int REPLICATES = 1000;

  /** The mean of at least one value. */
  public static MeanInterval of(List<Double> values, long seed) {
    return ofDifference(values, List.of(0.0), seed);
  }

  /** The mean of the first values less that of the second ones, each drawn for itself. */
  public static MeanInterval ofDifference(List<Double> first, List<Double> second, long seed) {
    double[] x = first.stream().mapToDouble(v -> v).toArray();
    double[] y = second.stream().mapToDouble(v -> v).toArray();
    double[] drawn = new double[REPLICATES];
    for (int i = 0; i < REPLICATES; i++) {
      drawn[i] =
          mean(x, Bootstrap.again(x.length, seed, 2L * i))
              - mean(y, Bootstrap.again(y.length, seed, 2L * i + 1));
    }
    Arrays.sort(drawn);
    return new MeanInterval(
        mean(x) - mean(y), Quantiles.of(drawn, TAIL), Quantiles.of(drawn, 1 - TAIL));
  }

  private static double mean(double... values) {
    return Arrays.stream(values).reduce(0, Double::sum) / values.length;
  }

  private static double mean(double[] values, int[] places) {
    double sum = 0;
    for (int place : places) {
      sum += values[place];
    }
    return sum / places.length;
  }

  /** Whether 0 lies outside of the interval. */
  public boolean excludesZero() {
    return low > 0 || high < 0;
  }
}
