package tools.conform;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;
import medsora.metric.distance.InceptionScore;
import medsora.metric.distance.RowOrder;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.network.I3d;
import medsora.metric.network.I3dFeatures;
import medsora.metric.network.Inception;
import medsora.metric.network.InceptionFeatures;

/**
 * {@code metric_end_to_end}: from the bytes of two sets of clips to FVD, FID and the inception
 * score, by networks whose weights are the formula's.
 */
final class EndToEndFamily implements Family {
  private static final int SPLITS = 2;
  private static final double FVD = 1e-7;
  private static final double FID = 1e-6;

  static final Limits LIMITS =
      Limits.noise(5e-7)
          .except(name -> name.startsWith("out.fvd_"), 10 * FVD)
          .except(name -> name.startsWith("out.fid_") || name.startsWith("out.is_"), 10 * FID);

  private static final Pattern SEEDS =
      Pattern.compile("I3D formula seed (\\d+).*Inception formula seed (\\d+)");

  @Override
  public void check(Check check) {
    String text = check.file().metadata("weights").orElse("");
    Matcher seeds = SEEDS.matcher(text);
    UnfitException.unless(seeds.find(), "metadata weights='%s' do not name two seeds", text);
    I3d i3d = MetricI3dFamily.network(Long.parseLong(seeds.group(1)), I3d.EPS);
    Inception inception = MetricInceptionFamily.network(Long.parseLong(seeds.group(2)));
    FeatureNetwork clips = new I3dFeatures(i3d, I3dFeatures.Variant.STYLEGAN_V);
    InceptionFeatures frames =
        new InceptionFeatures(inception, InceptionFeatures.Variant.TENSORFLOW);
    List<Tensor> features = new ArrayList<>();
    for (String set : List.of("real", "fake")) {
      Tensor videos = check.file().tensor("in." + set + ".videos");
      features.add(compared(check, "out." + set + ".fvd_features", clips.features(videos)));
      Tensor chosen = frames(videos, check.file().ints("const." + set + ".fid_frames"));
      features.add(compared(check, "out." + set + ".fid_features", frames.features(chosen)));
    }
    distances(check, "out.fvd_ddof", rows(features.get(0)), rows(features.get(2)));
    distances(check, "out.fid_ddof", rows(features.get(1)), rows(features.get(3)));
    InceptionScore score =
        InceptionScore.of(rows(frames.logits(features.get(3))), SPLITS, RowOrder.NONE);
    check.doubles("out.is_mean_std.f64", new double[] {score.mean(), score.deviation()});
  }

  private static Tensor compared(Check check, String name, Tensor got) {
    check.floats(name, got);
    return got;
  }

  private static FeatureRows rows(Tensor features) {
    return FeatureRows.of("features", features.dim(1), features.toArray());
  }

  private static void distances(Check check, String name, FeatureRows real, FeatureRows fake) {
    for (int ddof = 0; ddof <= 1; ddof++) {
      double value = FrechetDistance.of(real, fake, ddof).value();
      check.doubles(name + ddof + ".f64", new double[] {value});
    }
  }

  /** Frames clip * t + frame of clips [n, 3, t, h, w], [frames, 3, 1, h, w]. */
  private static Tensor frames(Tensor clips, int[] numbers) {
    int length = clips.dim(2);
    int plane = clips.dim(3) * clips.dim(4);
    float[] values = clips.toArray();
    return Tensor.generate(
        Shape.of(numbers.length, 3, 1, clips.dim(3), clips.dim(4)),
        i -> {
          int number = numbers[i / (3 * plane)];
          int channel = number / length * 3 + i / plane % 3;
          return values[(channel * length + number % length) * plane + i % plane];
        });
  }
}
