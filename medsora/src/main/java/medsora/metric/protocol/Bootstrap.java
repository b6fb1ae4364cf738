package medsora.metric.protocol;

import engine.random.CounterRandom;
import engine.random.RandomKey;
import java.util.Arrays;
import java.util.stream.IntStream;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.Quantiles;

/**
 * How far a distance would move with other samples of the same kind and number: its spread when the
 * groups of both sets, videos or samples, are drawn anew, with repetition (Efron 1979; of groups,
 * Field and Welsh 2007). Repeated samples make every such distance larger, as fewer samples would:
 * so the interval is that of the drawn distances moved to where their mean is the value itself. It
 * says nothing of the bias of a small n, which {@link Extrapolation} estimates.
 *
 * @param low end of the interval of 95 %
 * @param high end of it
 * @param replicates distances drawn
 * @param seed of the draws
 */
public record Bootstrap(double low, double high, int replicates, long seed) {
  /** Enough for the ends of an interval of 95 %. */
  public static final int REPLICATES = 200;

  private static final long STEP = 0x626f;
  private static final double TAIL = 0.025;
  private static final int LEAST = 2;

  /**
   * Draws distances.
   *
   * @param value the distance of the sets themselves
   * @param effort at least 2 replicates
   */
  public static Bootstrap of(
      Samples real,
      Samples generated,
      SetDistance distance,
      double value,
      Assessment.Effort effort) {
    int replicates = effort.replicates();
    long seed = effort.seed();
    if (replicates < LEAST) {
      throw new IllegalArgumentException("[bootstrap] wants at least 2, got " + replicates);
    }
    double[] drawn = new double[replicates];
    for (int i = 0; i < replicates; i++) {
      FeatureRows x = real.pick(again(real.groups(), seed, 2L * i));
      FeatureRows y = generated.pick(again(generated.groups(), seed, 2L * i + 1));
      drawn[i] = distance.of(x, y);
    }
    double shift = value - Arrays.stream(drawn).reduce(0, Double::sum) / replicates;
    Arrays.sort(drawn);
    return new Bootstrap(
        Quantiles.of(drawn, TAIL) + shift, Quantiles.of(drawn, 1 - TAIL) + shift, replicates, seed);
  }

  /** Numbers below n, drawn with repetition. */
  static int[] again(int n, long seed, long stream) {
    CounterRandom random = new RandomKey(seed, stream, STEP).random();
    return IntStream.range(0, n).map(i -> random.below(n, i)).toArray();
  }
}
