package medsora.metric.protocol;

import java.util.Arrays;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.Quantiles;

/**
 * How much farther from the same real set one generated set is than another, and how sure that is:
 * the groups of the real set, videos or samples, are drawn anew, with repetition, once for both,
 * and those of each generated set for itself; the differences of the two distances are moved to
 * where their mean is the difference itself, as {@link Bootstrap} does with distances. What both
 * share, the real sample and most of the bias of a small n, falls out of it where both generated
 * sets are of one size.
 *
 * @param first distance of the first set
 * @param second distance of the second
 * @param low end of the interval of 95 % of first - second
 * @param high end of it
 * @param replicates differences drawn
 */
public record PairedDifference(
    double first, double second, double low, double high, int replicates) {
  private static final double TAIL = 0.025;

  /**
   * Draws differences.
   *
   * @param effort at least 2 replicates
   */
  public static PairedDifference of(
      Samples real, Samples first, Samples second, SetDistance distance, Assessment.Effort effort) {
    int replicates = effort.replicates();
    if (replicates < 2) {
      throw new IllegalArgumentException("[against] wants at least 2 draws, got " + replicates);
    }
    double a = distance.of(real.rows(), first.rows());
    double b = distance.of(real.rows(), second.rows());
    double[] drawn = new double[replicates];
    for (int i = 0; i < replicates; i++) {
      FeatureRows x = real.pick(Bootstrap.again(real.groups(), effort.seed(), 3L * i));
      FeatureRows y = first.pick(Bootstrap.again(first.groups(), effort.seed(), 3L * i + 1));
      FeatureRows z = second.pick(Bootstrap.again(second.groups(), effort.seed(), 3L * i + 2));
      drawn[i] = distance.of(x, y) - distance.of(x, z);
    }
    double shift = a - b - Arrays.stream(drawn).reduce(0, Double::sum) / replicates;
    Arrays.sort(drawn);
    return new PairedDifference(
        a, b, Quantiles.of(drawn, TAIL) + shift, Quantiles.of(drawn, 1 - TAIL) + shift, replicates);
  }

  /** First less second. */
  public double difference() {
    return first - second;
  }

  /** Whether 0 lies outside of the interval. */
  public boolean excludesZero() {
    return low > 0 || high < 0;
  }
}
