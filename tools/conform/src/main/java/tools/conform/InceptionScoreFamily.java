package tools.conform;

import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.InceptionScore;
import medsora.metric.distance.RowOrder;

/**
 * {@code metric_inception_score}: cases of logits, unshuffled, in the order of StyleGAN-V and in
 * that of torch-fidelity, which was computed from float32 probabilities.
 */
final class InceptionScoreFamily implements Family {
  static final Limits LIMITS = Limits.DOUBLE_TABLES;

  private static final String BOUNDS = ".bounds";
  private static final double FLOAT_PROBABILITIES = 2e-7;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    for (String name : file.namesUnder("const.")) {
      if (name.endsWith(BOUNDS)) {
        check(check, name.substring(0, name.length() - BOUNDS.length()));
      }
    }
  }

  private static void check(Check check, String name) {
    FixtureFile file = check.file();
    FormulaInput input = FormulaInput.of(file, name + ".logits", 2);
    FeatureRows logits = FeatureRows.of(name, input.columns(), input.values());
    int n = logits.count();
    int splits = file.shape("const." + name + BOUNDS, 1).dim(0) - 1;
    check.integers("const." + name + BOUNDS, InceptionScore.bounds(n, splits));
    check.integers("const." + name + ".shuffle42", RowOrder.SHUFFLE_42.of(n));
    check.integers("const." + name + ".permutation2020", RowOrder.PERMUTATION_2020.of(n));
    compare(check, "out." + name, InceptionScore.of(logits, splits, RowOrder.NONE));
    compare(
        check, "out." + name + ".shuffled", InceptionScore.of(logits, splits, RowOrder.SHUFFLE_42));
    InceptionScore other = InceptionScore.of(logits, splits, RowOrder.PERMUTATION_2020);
    String info = "info." + name + ".torch_fidelity_shuffled.f64";
    double[] got = {other.mean(), other.deviation()};
    check.add(Row.of(info, Errors.of(got, file.doubles(info)), FLOAT_PROBABILITIES));
  }

  private static void compare(Check check, String out, InceptionScore score) {
    double[] splits = score.splits().stream().mapToDouble(Double::doubleValue).toArray();
    check.doubles(out + ".split_scores.f64", splits);
    check.doubles(out + ".mean.f64", new double[] {score.mean()});
    check.doubles(out + ".std.f64", new double[] {score.deviation()});
  }
}
