package medsora.metric.distance;

import java.util.stream.IntStream;

/**
 * How two sets of features cover each other, by balls around each sample that reach to its k-th
 * nearest other sample of its own set:
 *
 * <ul>
 *   <li>precision: share of generated samples in any ball of a real one, and recall the other way
 *       round (Kynkaanniemi et al. 2019);
 *   <li>density: balls of real samples a generated one is in, over k, on average, and coverage:
 *       share of real samples with a generated one in their ball (Naeem et al. 2020).
 * </ul>
 *
 * A sample on the edge of a ball is outside, as in the program of Naeem et al.
 *
 * @param precision 0..1
 * @param recall 0..1
 * @param density from 0 on; 1 is expected of equal distributions
 * @param coverage 0..1
 * @param k the neighbour
 */
public record Manifolds(double precision, double recall, double density, double coverage, int k) {
  /** Compares sets of at least k + 1 samples each. */
  public static Manifolds of(FeatureRows real, FeatureRows generated, int k) {
    real.requireSameDimensions(generated);
    double[] realBalls = Neighbours.squaresToKth(real, k);
    int[] inReal = balls(generated, real, realBalls);
    int[] inGenerated = balls(real, generated, Neighbours.squaresToKth(generated, k));
    double density = (double) IntStream.of(inReal).sum() / k / generated.count();
    return new Manifolds(
        share(inReal), share(inGenerated), density, coverage(real, realBalls, generated), k);
  }

  /** In how many balls each sample lies. */
  private static int[] balls(FeatureRows samples, FeatureRows centres, double[] squares) {
    return IntStream.range(0, samples.count())
        .parallel()
        .map(i ->
            (int)
                IntStream.range(0, centres.count())
                    .filter(j -> Neighbours.square(samples.row(i), centres.row(j)) < squares[j])
                    .count())
        .toArray();
  }

  private static double share(int[] counts) {
    return (double) IntStream.of(counts).filter(c -> c > 0).count() / counts.length;
  }

  private static double coverage(FeatureRows real, double[] squares, FeatureRows generated) {
    long covered =
        IntStream.range(0, real.count())
            .parallel()
            .filter(i ->
                IntStream.range(0, generated.count())
                    .anyMatch(j -> Neighbours.square(real.row(i), generated.row(j)) < squares[i]))
            .count();
    return (double) covered / real.count();
  }
}
