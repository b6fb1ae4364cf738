package tools.conform;

import engine.autodiff.Tape;
import engine.op.scan.Scan;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code causal_conv1d_silu}: every {@code in.x*} through one kernel gives {@code out.y*}. */
final class CausalConv1dFamily implements Family {
  static final Limits LIMITS = Limits.noise(1e-7);

  @Override
  public void check(Check check) {
    ModuleCheck in = new ModuleCheck(check, null);
    try (Tape tape = Tape.open()) {
      Tensor weight = in.input("weight");
      Tensor bias = check.file().contains("in.bias") ? in.input("bias") : null;
      Map<String, Tensor> out = new LinkedHashMap<>();
      for (String name : check.file().namesUnder("in.x")) {
        out.put("y" + name, Scan.causalConv1d(in.input("x" + name), weight, bias, true));
      }
      in.outputs(tape, out);
    }
  }
}
