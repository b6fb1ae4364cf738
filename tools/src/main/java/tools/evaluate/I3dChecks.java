package tools.evaluate;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;
import medsora.metric.distance.NumpyRandom;
import medsora.metric.network.I3d;
import medsora.metric.network.I3dFeatures;

/** What was published of FVD with the real weights of I3D on clips that anyone can make. */
public final class I3dChecks {
  /** Clips of each set of the noise, in the script that gives the published value. */
  public static final int NOISE_CLIPS = 128;

  private static final int SAME_CLIPS = 8;
  private static final int SAME_FRAMES = 30;
  private static final int SAME_SIDE = 64;
  private static final int FRAMES = 16;
  private static final int SIDE = I3dFeatures.SIDE;
  private static final int COLOURS = 3;
  private static final float WHITE = 255;

  /** The two published values of the constant clips are 0.0009 of themselves apart. */
  private static final double SAME_TOLERANCE = 2e-3;

  private static final double NOISE_TOLERANCE = 1e-3;

  private I3dChecks() {}

  /**
   * A value and what was published for it.
   *
   * @param what the clips
   * @param published by which program, and the value
   * @param tolerance largest relative difference to the nearest published value
   */
  public record Finding(String what, double value, List<Published> published, double tolerance) {
    /** The smallest relative difference to a published value. */
    public double difference() {
      return published.stream()
          .mapToDouble(p -> Math.abs(value - p.value) / p.value)
          .min()
          .orElse(Double.NaN);
    }

    /** Whether it is within the tolerance of one of them. */
    public boolean agrees() {
      return difference() <= tolerance;
    }

    /** One line for a reader. */
    public String line() {
      List<String> others = published.stream().map(Published::toString).toList();
      return String.format(
          Locale.ROOT,
          "%s  %s: %.4f; published %s; off by %.1e of it, %.0e allowed",
          agrees() ? "agrees" : "DIFFERS",
          what,
          value,
          String.join(", ", others),
          difference(),
          tolerance);
    }
  }

  /** A value that a program gives. */
  public record Published(String program, double value) {
    @Override
    public String toString() {
      return value + " (" + program + ")";
    }
  }

  /** 8 black clips against 8 white ones, 30 frames of 64x64. */
  public static Finding constants(I3d network) {
    I3dFeatures features = new I3dFeatures(network, I3dFeatures.Variant.STYLEGAN_V);
    FrechetDistance d = FrechetDistance.of(same(features, 0), same(features, WHITE), 0);
    return new Finding(
        "8 clips of zeros against 8 of ones",
        d.value(),
        List.of(new Published("TorchScript port", 151.26), new Published("TensorFlow", 151.39)),
        SAME_TOLERANCE);
  }

  /** Equal clips have equal features: one is computed. */
  private static FeatureRows same(I3dFeatures features, float value) {
    Tensor clip = Tensor.full(Shape.of(1, COLOURS, SAME_FRAMES, SAME_SIDE, SAME_SIDE), value);
    float[] row = features.features(clip).toArray();
    return FeatureRows.of("clips of " + value, Collections.nCopies(SAME_CLIPS, row));
  }

  /**
   * Uniform noise of NumPy's {@code RandomState(1).rand(n, 16, 224, 224, 3)} against that of seed
   * 2, as the network's own input: 128 clips each in the script of universome/fvd-comparison.
   *
   * @param clips of each set; the published value is that of {@link #NOISE_CLIPS}
   * @param done how many of both sets are computed
   */
  public static Finding noise(I3d network, int clips, IntConsumer done) {
    FeatureRows fake = noise(network, 1, clips, done);
    FeatureRows real = noise(network, 2, clips, n -> done.accept(clips + n));
    FrechetDistance d = FrechetDistance.of(fake, real, 1);
    return new Finding(
        clips + " clips of noise of seed 1 against seed 2",
        d.value(),
        List.of(
            new Published("TorchScript port", 10.138084766713924),
            new Published("TensorFlow", 10.13808536529541)),
        NOISE_TOLERANCE);
  }

  private static FeatureRows noise(I3d network, int seed, int clips, IntConsumer done) {
    NumpyRandom random = new NumpyRandom(seed);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < clips; i++) {
      try (Tape scope = Tape.noGrad()) {
        rows.add(network.forward(clip(random)).toArray());
      }
      done.accept(i + 1);
    }
    return FeatureRows.of("noise of seed " + seed, rows);
  }

  /** Drawn as [t, h, w, c]. */
  static Tensor clip(NumpyRandom random) {
    int plane = FRAMES * SIDE * SIDE;
    float[] x = new float[COLOURS * plane];
    for (int i = 0; i < x.length; i++) {
      x[i % COLOURS * plane + i / COLOURS] = (float) random.uniform();
    }
    return Tensor.of(Shape.of(1, COLOURS, FRAMES, SIDE, SIDE), x);
  }
}
