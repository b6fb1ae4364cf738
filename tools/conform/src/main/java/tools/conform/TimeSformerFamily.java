package tools.conform;

import engine.autodiff.Tape;
import engine.reference.Formula;
import engine.tensor.Shape;
import java.util.Map;
import medsora.baseline.timesformer.TimeSformer;
import medsora.baseline.timesformer.TimeSformerConfig;
import nn.Mode;

/**
 * {@code timesformer_*}: the tokens of clips {@code in.x} after the last norm in evaluation, and
 * all gradients.
 */
final class TimeSformerFamily implements Family {
  static final Limits LIMITS = Limits.noise(2.9e-6);

  private static final int MOST_BLOCKS = 100;
  private static final int MOST_WIDTH = 4096;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    TimeSformer network = new TimeSformer(config(file));
    FormulaWeights.fill(network, FormulaWeights.seed(file), TimeSformerFamily::range);
    ModuleCheck module = new ModuleCheck(check, network);
    try (Tape tape = Tape.open()) {
      module.outputs(tape, Map.of("tokens", network.tokens(module.input("x"), Mode.EVAL)));
    }
  }

  private static TimeSformerConfig config(FixtureFile file) {
    Shape x = file.shape("in.x", 5);
    int depth = file.number("depth");
    int width = file.number("hidden");
    UnfitException.unless(
        depth > 0 && depth <= MOST_BLOCKS && width > 0 && width <= MOST_WIDTH,
        "no network has %d blocks of width %d",
        depth,
        width);
    return new TimeSformerConfig(
        x.dim(3), file.number("patch"), x.dim(2), width, depth, file.number("heads"), 0);
  }

  private static Formula.Range range(String name, long... shape) {
    return name.equals("time_embed") ? new Formula.Range(0, 0.1) : Formula.range(name, shape);
  }
}
