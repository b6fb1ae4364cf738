package medsora.metric.protocol;

import java.util.ArrayList;
import java.util.List;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;
import medsora.metric.distance.KernelDistance;
import medsora.metric.distance.Manifolds;
import org.jspecify.annotations.Nullable;

/**
 * A distance of two sets, and what it is worth.
 *
 * @param value the Frechet distance
 * @param kernel the kernel distance of the same features
 * @param interval of 95 %, or null where it was not asked for
 * @param infinite the value at infinite n, or null where there are fewer than 8 samples of a set
 * @param floor real against real, or null where there are fewer than 4 real samples
 * @param fidelity precision and recall with the neighbour {@value #PRECISION_K}, or null where
 *     there are too few samples
 * @param density density and coverage with the neighbour {@value #DENSITY_K}, or null likewise
 * @param warnings what a reader must know
 */
public record Assessment(
    FrechetDistance value,
    KernelDistance kernel,
    @Nullable Bootstrap interval,
    @Nullable Extrapolation infinite,
    @Nullable RealFloor floor,
    @Nullable Manifolds fidelity,
    @Nullable Manifolds density,
    List<String> warnings) {
  /** The neighbour of precision and recall in Kynkaanniemi et al. */
  public static final int PRECISION_K = 3;

  /** The neighbour of density and coverage in Naeem et al. */
  public static final int DENSITY_K = 5;

  /** More samples than their pairs are looked at for neighbours. */
  private static final int MOST_PAIRED = 10_000;

  private static final int LEAST_FITTED = 8;
  private static final int LEAST_HALVED = 4;

  public Assessment {
    warnings = List.copyOf(warnings);
  }

  /**
   * How much to find out.
   *
   * @param replicates of the bootstrap; 0 for none
   * @param seed of all draws
   */
  public record Effort(int replicates, long seed) {}

  /** Assesses the features of two sets, [samples, dimensions] each, of at least two samples. */
  public static Assessment of(FeatureRows real, FeatureRows generated, int ddof, Effort effort) {
    return ofParts(real, generated, 1, ddof, effort);
  }

  /**
   * Assesses frames that come in clips. What is compared is frames; what is drawn, for the
   * interval, the value at infinite n and the floor, is whole clips: the frames of one are alike,
   * and drawn alone they would make each of these too small.
   *
   * @param real a row for each clip, the features of its frames one after another
   * @param generated the same
   * @param parts frames of a clip
   */
  public static Assessment ofParts(
      FeatureRows real, FeatureRows generated, int parts, int ddof, Effort effort) {
    SetDistance distance = (x, y) -> FrechetDistance.of(x.cut(parts), y.cut(parts), ddof).value();
    return ofParts(real, generated, parts, ddof, effort, distance);
  }

  /**
   * The same with distances from elsewhere.
   *
   * @param distance of the parts of some of the rows, the Frechet distance with this ddof, such as
   *     {@link KeptDistances}
   */
  public static Assessment ofParts(
      FeatureRows real,
      FeatureRows generated,
      int parts,
      int ddof,
      Effort effort,
      SetDistance distance) {
    FeatureRows realParts = real.cut(parts);
    FeatureRows generatedParts = generated.cut(parts);
    FrechetDistance value = FrechetDistance.of(realParts, generatedParts, ddof);
    int least = Math.min(real.count(), generated.count());
    boolean paired = Math.max(realParts.count(), generatedParts.count()) <= MOST_PAIRED;
    return new Assessment(
        value,
        KernelDistance.cleanFid(realParts, generatedParts, KernelDistance.SUBSETS, effort.seed),
        effort.replicates == 0
            ? null
            : Bootstrap.of(real, generated, distance, value.value(), effort),
        least < LEAST_FITTED ? null : Extrapolation.of(real, generated, distance, effort.seed),
        real.count() < LEAST_HALVED ? null : RealFloor.of(real, distance, effort.seed),
        paired && least > PRECISION_K ? Manifolds.of(realParts, generatedParts, PRECISION_K) : null,
        paired && least > DENSITY_K ? Manifolds.of(realParts, generatedParts, DENSITY_K) : null,
        warnings(real, generated, realParts.dimensions()));
  }

  private static List<String> warnings(FeatureRows real, FeatureRows generated, int dimensions) {
    List<String> warnings = new ArrayList<>();
    for (FeatureRows rows : List.of(real, generated)) {
      if (rows.count() <= dimensions) {
        warnings.add(
            "%d %s samples of %d features: the covariance is singular, and the value biased upwards"
                    .formatted(rows.count(), rows.name(), dimensions)
                + " and not comparable with one of another n");
      }
    }
    if (real.count() != generated.count()) {
      warnings.add(
          "n differs, %d real and %d generated: compare with values of the same two numbers alone"
              .formatted(real.count(), generated.count()));
    }
    return warnings;
  }
}
