package medsora.metric.distance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import medsora.metric.distance.Neighbours.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * Whether generated samples copy training samples: the distance of each to its nearest training
 * sample, against the same distance of real samples that were not trained on. A model that has
 * learned the distribution comes as near to its training set as held-out data do; one that repeats
 * it comes nearer.
 *
 * @param median of the generated samples' distances
 * @param referenceMedian of the held-out samples' distances
 * @param belowAll generated samples that are nearer than every held-out one
 * @param belowFifth generated samples nearer than the nearest 5 % of the held-out ones; 0.05 of
 *     them are expected
 * @param leaveOneOut whether, without held-out samples, each training sample's distance to the
 *     nearest other one stands in for them
 * @param pairs each generated sample with its nearest training sample, the nearest first
 * @param reference the distances of the held-out samples, or of those that stand in, ascending
 */
public record Copying(
    double median,
    double referenceMedian,
    int belowAll,
    int belowFifth,
    boolean leaveOneOut,
    List<Pair> pairs,
    List<Double> reference) {
  private static final double FIFTH = 0.05;

  /**
   * A generated sample and the training sample that is nearest to it.
   *
   * @param generated number of the one
   * @param training number of the other
   * @param distance between their features
   */
  public record Pair(int generated, int training, double distance) {}

  public Copying {
    pairs = List.copyOf(pairs);
    reference = List.copyOf(reference);
  }

  /**
   * Compares distances.
   *
   * @param heldOut real samples that were not trained on, or null
   */
  public static Copying of(
      FeatureRows training, FeatureRows generated, @Nullable FeatureRows heldOut) {
    Nearest[] found = Neighbours.nearest(generated, training, false);
    double[] reference =
        distances(
            heldOut == null
                ? Neighbours.nearest(training, training, true)
                : Neighbours.nearest(heldOut, training, false));
    double[] ours = distances(found);
    double fifth = Quantiles.of(reference, FIFTH);
    return new Copying(
        Quantiles.of(ours, 0.5),
        Quantiles.of(reference, 0.5),
        (int) Arrays.stream(ours).filter(d -> d < reference[0]).count(),
        (int) Arrays.stream(ours).filter(d -> d < fifth).count(),
        heldOut == null,
        IntStream.range(0, found.length)
            .mapToObj(i -> new Pair(i, found[i].sample(), found[i].distance()))
            .sorted(Comparator.comparingDouble(Pair::distance).thenComparing(Pair::generated))
            .toList(),
        Arrays.stream(reference).boxed().toList());
  }

  private static double[] distances(Nearest[] found) {
    return Arrays.stream(found).mapToDouble(Nearest::distance).sorted().toArray();
  }
}
