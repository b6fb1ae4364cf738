package tools.conform;

import engine.autodiff.Tape;
import engine.op.norm.RmsNorms;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code rmsnorm_gated}: variants are named {@code y[_norm_before_gate][_groupsN]}. */
final class RmsNormFamily implements Family {
  static final Limits LIMITS = Limits.noise(2e-7);

  private static final Pattern VARIANT =
      Pattern.compile("y(?<first>_norm_before_gate)?(?:_groups(?<size>\\d+))?");

  @Override
  public void check(Check check) {
    ModuleCheck in = new ModuleCheck(check, null);
    try (Tape tape = Tape.open()) {
      Map<String, Tensor> out = new LinkedHashMap<>();
      for (String name : check.file().namesUnder("out.")) {
        Matcher m = VARIANT.matcher(name);
        UnfitException.unless(m.matches(), "out.%s is no known variant of the norm", name);
        int group = m.group("size") == null ? 0 : Integer.parseInt(m.group("size"));
        boolean first = m.group("first") != null;
        out.put(
            name,
            RmsNorms.rmsNormGated(
                in.input("x"), in.input("z"), in.input("weight"), group, first, RmsNorms.EPS));
      }
      in.outputs(tape, out);
    }
  }
}
