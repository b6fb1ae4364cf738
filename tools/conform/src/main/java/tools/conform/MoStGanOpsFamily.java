package tools.conform;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import medsora.baseline.mostganv.Hearing;
import medsora.baseline.mostganv.Patterns;
import medsora.baseline.styleganv.ModulatedConv;

/**
 * {@code mostganv_ops}: words to patterns, what output channels hear of them, and the convolution
 * that is scaled by it; once as in float32 ({@code out.*}), once with weight and styles normalised
 * first ({@code out.prenorm.*}).
 */
final class MoStGanOpsFamily implements Family {
  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    try (Tape scope = Tape.noGrad()) {
      Tensor factors = Patterns.factors(file.tensor("in.words"), file.tensor("in.hypernet"));
      check.floats("out.hypernet", factors);
      Tensor patterns = Patterns.of(factors);
      check.floats("out.M", patterns);
      Tensor weight = file.tensor("in.weight");
      Tensor styles = file.tensor("in.styles");
      heard(check, "out.", weight, styles, patterns);
      heard(
          check,
          "out.prenorm.",
          Hearing.prenormalisedWeight(weight),
          Hearing.prenormalisedStyles(styles),
          patterns);
    }
  }

  private static void heard(
      Check check, String prefix, Tensor weight, Tensor styles, Tensor patterns) {
    List<Hearing> frames = new ArrayList<>();
    for (int i = 0; i < styles.dim(0); i++) {
      frames.add(Hearing.of(weight, slice(styles, 0, i, i + 1), slice(patterns, 0, i, i + 1)));
    }
    check.floats(prefix + "score", all(frames, Hearing::score));
    check.floats(prefix + "attention", all(frames, Hearing::attention));
    check.floats(prefix + "weight", all(frames, Hearing::weight));
    Tensor back = concat(0, frames.stream().map(Hearing::back).toList());
    check.floats(prefix + "dcoefs", back);
    Tensor x = check.file().tensor("in.x");
    check.floats(prefix + "modconv", ModulatedConv.forward(x, weight, styles, back, false));
    check.floats(prefix + "modconv_up", ModulatedConv.forward(x, weight, styles, back, true));
  }

  private static Tensor all(List<Hearing> frames, Function<Hearing, Tensor> part) {
    return concat(0, frames.stream().map(part).map(t -> reshape(t, 1, -1)).toList());
  }
}
