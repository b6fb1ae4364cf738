package engine.kernel.opencl;

import engine.kernel.RmsNormGatedArgs;
import engine.kernel.RmsNormGatedKernels;
import engine.kernel.RmsNormGradients;
import engine.kernel.RmsNormInputs;
import engine.tensor.Storage;

/** The gated RMS norm (N6). */
final class OpenClRmsNormGated extends OpenClFamily implements RmsNormGatedKernels {
  OpenClRmsNormGated(OpenClContext context) {
    super(context, "rms_norms");
  }

  @Override
  public void forward(RmsNormGatedArgs a, RmsNormInputs of, Storage y, Storage rstd) {
    runRows(
        "rms_norm",
        a.rows(),
        a.width(),
        a.group(),
        a.eps(),
        a.normBeforeGate() ? 1 : 0,
        flag(of.z()),
        in(of.x()),
        in(of.z()),
        in(of.weight()),
        out(y),
        out(rstd));
  }

  @Override
  public void gradient(
      RmsNormGatedArgs a, RmsNormInputs of, Storage rstd, Storage gradOutput, RmsNormGradients to) {
    runRows(
        "rms_norm_grad",
        a.rows(),
        a.width(),
        a.group(),
        a.normBeforeGate() ? 1 : 0,
        flag(of.z()),
        flag(to.z()),
        in(of.x()),
        in(of.z()),
        in(of.weight()),
        in(rstd),
        in(gradOutput),
        out(to.x()),
        out(to.z()),
        out(to.weightTerms()));
  }
}
