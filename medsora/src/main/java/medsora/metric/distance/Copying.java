package medsora.metric.distance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether generated clips copy training clips: the distance of each to its nearest training clip,
 * against the same distance of real clips that were not trained on. A model that has learned the
 * distribution comes as near to its training set as held-out data do; one that repeats it comes
 * nearer.
 *
 * @param median of the generated clips' distances
 * @param referenceMedian of the held-out clips' distances
 * @param belowAll generated clips that are nearer than every held-out one
 * @param belowFifth generated clips nearer than the nearest 5 % of the held-out ones; 0.05 of them
 *     are expected
 * @param leaveOneOut whether, without held-out clips, each training clip's distance to the nearest
 *     one of another video stands in for them
 * @param pairs each generated clip with its nearest training clip, the nearest first
 * @param reference the distances of the held-out clips, or of those that stand in, ascending
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
   * A training clip that is nearest to something.
   *
   * @param video its number
   * @param begin its first frame there
   * @param distance between their features
   */
  public record Near(int video, int begin, double distance) {}

  /**
   * A generated clip and the training clip that is nearest to it.
   *
   * @param generated number of the one
   * @param training the other
   */
  public record Pair(int generated, Near training) {
    /** Between their features. */
    public double distance() {
      return training.distance;
    }
  }

  public Copying {
    pairs = List.copyOf(pairs);
    reference = List.copyOf(reference);
  }

  /**
   * Compares distances.
   *
   * @param generated what is nearest to each generated clip
   * @param reference what is nearest to each held-out clip, or to each clip that stands in; at
   *     least one
   * @param leaveOneOut whether training clips stand in
   */
  public static Copying of(List<Near> generated, List<Near> reference, boolean leaveOneOut) {
    double[] ours = distances(generated);
    double[] theirs = distances(reference);
    double fifth = Quantiles.of(theirs, FIFTH);
    return new Copying(
        Quantiles.of(ours, 0.5),
        Quantiles.of(theirs, 0.5),
        (int) Arrays.stream(ours).filter(d -> d < theirs[0]).count(),
        (int) Arrays.stream(ours).filter(d -> d < fifth).count(),
        leaveOneOut,
        IntStream.range(0, generated.size())
            .mapToObj(i -> new Pair(i, generated.get(i)))
            .sorted(Comparator.comparingDouble(Pair::distance).thenComparing(Pair::generated))
            .toList(),
        Arrays.stream(theirs).boxed().toList());
  }

  private static double[] distances(List<Near> found) {
    return found.stream().mapToDouble(Near::distance).sorted().toArray();
  }
}
