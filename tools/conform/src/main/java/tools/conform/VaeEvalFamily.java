package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.vae.Vae;
import nn.Mode;

/** {@code vae_small_eval}: moments, decoded frames and the gradients of every parameter. */
final class VaeEvalFamily implements Family {
  static final Limits LIMITS = Limits.noise(6e-6);

  @Override
  public void check(Check check) throws IOException {
    Vae vae = new Vae(VaeSizes.ofParameters(check.file()));
    ModuleCheck module = new ModuleCheck(check, vae);
    module.loadParameters();
    try (Tape tape = Tape.open()) {
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("moments", vae.encodeMoments(module.input("x"), Mode.EVAL));
      out.put("logvar_clamped", vae.encode(module.input("x"), Mode.EVAL).logVariance());
      out.put("decoded", vae.decode(module.input("z"), Mode.EVAL));
      module.outputs(tape, out);
    }
  }
}
