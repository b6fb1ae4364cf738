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
 * @param drawn what the interval, the value at infinite n and the floor draw, and count
 * @param interval of 95 %, or null where it was not asked for or a set has less than 2 groups
 * @param infinite the value at infinite n, or null where there are fewer than 8 groups of a set
 * @param floor real against real, or null where there are fewer than 4 real groups
 * @param fidelity precision and recall with the neighbour {@value #PRECISION_K}, or null where
 *     there are too few groups
 * @param density density and coverage with the neighbour {@value #DENSITY_K}, or null likewise
 * @param warnings what a reader must know
 */
public record Assessment(
    FrechetDistance value,
    KernelDistance kernel,
    Samples.Group drawn,
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

  private static final int LEAST_DRAWN = 2;
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
    return of(Samples.single(real), Samples.single(generated), ddof, effort);
  }

  /**
   * Assesses samples that belong together, such as frames of clips or videos. What is compared is
   * samples; what is drawn, for the interval, the value at infinite n and the floor, is whole
   * groups.
   */
  public static Assessment of(Samples real, Samples generated, int ddof, Effort effort) {
    return of(real, generated, ddof, effort, (x, y) -> FrechetDistance.of(x, y, ddof).value());
  }

  /**
   * The same with distances from elsewhere.
   *
   * @param distance the Frechet distance with this ddof, such as {@link KeptDistances}
   */
  public static Assessment of(
      Samples real, Samples generated, int ddof, Effort effort, SetDistance distance) {
    FeatureRows x = real.rows();
    FeatureRows y = generated.rows();
    FrechetDistance value = FrechetDistance.of(x, y, ddof);
    int least = Math.min(real.groups(), generated.groups());
    boolean paired = Math.max(x.count(), y.count()) <= MOST_PAIRED;
    return new Assessment(
        value,
        KernelDistance.cleanFid(x, y, KernelDistance.SUBSETS, effort.seed),
        real.group(),
        effort.replicates == 0 || least < LEAST_DRAWN
            ? null
            : Bootstrap.of(real, generated, distance, value.value(), effort),
        least < LEAST_FITTED ? null : Extrapolation.of(real, generated, distance, effort.seed),
        real.groups() < LEAST_HALVED ? null : RealFloor.of(real, distance, effort.seed),
        paired && least > PRECISION_K ? Manifolds.of(x, y, PRECISION_K) : null,
        paired && least > DENSITY_K ? Manifolds.of(x, y, DENSITY_K) : null,
        warnings(real, generated));
  }

  private static List<String> warnings(Samples real, Samples generated) {
    int dimensions = real.rows().dimensions();
    List<String> warnings = new ArrayList<>();
    for (Samples set : List.of(real, generated)) {
      String name = set.rows().name();
      int n = set.rows().count();
      if (n <= dimensions) {
        warnings.add(
            "%d %s samples of %d features: the covariance is singular, and the value biased upwards"
                    .formatted(n, name, dimensions)
                + " and not comparable with one of another n");
      } else if (set.groups() <= dimensions) {
        warnings.add(
            "%d %s samples come from %d %s alone, for %d features: those of one are alike, so the value"
                    .formatted(n, name, set.groups(), set.group().words(), dimensions)
                + " is biased upwards as with fewer, and not comparable with one of another n");
      }
    }
    if (real.groups() != generated.groups() || real.rows().count() != generated.rows().count()) {
      warnings.add(different(real, generated));
    }
    return warnings;
  }

  private static String different(Samples real, Samples generated) {
    boolean videos = real.group() == Samples.Group.VIDEO;
    return "n differs, %d real and %d generated%s: compare with values of the same two numbers alone"
        .formatted(
            videos ? real.rows().count() : real.groups(),
            videos ? generated.rows().count() : generated.groups(),
            videos ? " of %d and %d videos".formatted(real.groups(), generated.groups()) : "");
  }
}
