package tools.conform;

import engine.autodiff.Tape;
import engine.reference.Formula;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.metric.network.Clip;
import medsora.metric.network.ClipConfig;
import medsora.metric.network.ClipFeatures;

/**
 * {@code metric_clip_formula}: CLIP's tokens and embeddings of frames {@code in.NAME.frames}, and
 * 100 times the cosines of consecutive ones and of all pairs.
 */
final class MetricClipFamily implements Family {
  static final Limits LIMITS =
      Limits.noise(1.7e-6).except(name -> name.startsWith("stats."), 10 * 6e-6);

  private static final String FRAMES = ".frames";

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    Clip network = new Clip(config(Sizes.of(file, "config")));
    FormulaWeights.fill(network, FormulaWeights.seed(file), MetricClipFamily::range);
    for (String in : file.namesUnder("in.")) {
      if (in.endsWith(FRAMES)) {
        frames(check, network, in.substring(0, in.length() - FRAMES.length()));
      }
    }
  }

  private static ClipConfig config(Sizes sizes) {
    int patch = sizes.of("patch_size");
    int grid = sizes.of("input_resolution") / patch;
    ClipConfig config =
        new ClipConfig(patch, grid, sizes.of("width"), sizes.of("layers"), sizes.of("output_dim"));
    UnfitException.unless(
        sizes.of("heads") * 64 == config.width(), "heads of other than 64 channels: %s", sizes);
    return config;
  }

  private static Formula.Range range(String name, long... shape) {
    String leaf = name.substring(name.lastIndexOf('.') + 1);
    return switch (leaf) {
      case "class_embedding", "positional_embedding" -> new Formula.Range(0, 0.5);
      case "in_proj_bias" -> new Formula.Range(0, 0.1);
      default -> Formula.range(name, shape);
    };
  }

  private static void frames(Check check, Clip network, String name) {
    String out = "out." + name + ".";
    List<Statistics> rows = new ArrayList<>();
    try (Tape scope = Tape.noGrad()) {
      Tensor x = new ClipFeatures(network).prepared(check.file().tensor("in." + name + FRAMES));
      check.floats(out + "input_sub", Sub.every(Sub.every(x, 2, 31), 3, 29));
      Tensor embeds =
          network.forward(
              x,
              (place, y) -> {
                rows.add(Statistics.of(y.toArray()));
                if (check.file().contains(out + place + "_sub")) {
                  check.floats(out + place + "_sub", Sub.every(Sub.every(y, 1, 7), 2, 16));
                }
              });
      check.statistics("stats." + name + ".ln_pre_then_blocks", rows);
      check.floats(out + "embeds", embeds);
      cosines(check, out, embeds);
    }
  }

  private static void cosines(Check check, String out, Tensor embeds) {
    int n = embeds.dim(0);
    float[] e = embeds.toArray();
    float[] consecutive = new float[n - 1];
    double sum = 0;
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        double cosine = 100 * cosine(e, i, j, embeds.dim(1));
        all += cosine;
        if (j == i + 1) {
          consecutive[i] = (float) cosine;
          sum += cosine;
        }
      }
    }
    check.floats(out + "cosine100", consecutive);
    check.floats(out + "fc", new float[] {(float) (sum / (n - 1))});
    check.floats(out + "all_pairs100", new float[] {(float) (all / (n * (n - 1) / 2.0))});
  }

  private static double cosine(float[] e, int i, int j, int d) {
    double product = 0;
    double a = 0;
    double b = 0;
    for (int k = 0; k < d; k++) {
      double x = e[i * d + k];
      double y = e[j * d + k];
      product += x * y;
      a += x * x;
      b += y * y;
    }
    return product / Math.sqrt(a * b);
  }
}
