package engine.kernel.opencl;

import engine.kernel.RmsNormGradients;
import engine.kernel.RmsNormInputs;
import engine.kernel.RmsNormMergeArgs;
import engine.kernel.RmsNormMergeKernels;
import engine.tensor.Storage;

/** Gated RMS norms of several walks, added (N6, N11). */
final class OpenClRmsNormMerge extends OpenClFamily implements RmsNormMergeKernels {
  OpenClRmsNormMerge(OpenClContext context) {
    super(context, "rms_norms");
  }

  @Override
  public void forward(RmsNormMergeArgs a, RmsNormInputs of, Storage y, Storage rstd) {
    runRows(
        "rms_merge",
        a.tokens(),
        a.width(),
        a.eps(),
        a.gateStride(),
        a.gateOffset(),
        a.walksPerSum(),
        a.walks().count(),
        a.walks().tokens(),
        constant(a.walks().position()),
        in(of.x()),
        in(of.z()),
        in(of.weight()),
        out(y),
        out(rstd));
  }

  @Override
  public void gradient(
      RmsNormMergeArgs a, RmsNormInputs of, Storage rstd, Storage gradOutput, RmsNormGradients to) {
    OpenClStorage gradGate = scratch(a.tokens() * a.width());
    runRows(
        "rms_merge_grad",
        a.tokens(),
        a.width(),
        a.gateStride(),
        a.gateOffset(),
        a.walksPerSum(),
        a.walks().count(),
        a.walks().tokens(),
        constant(a.walks().position()),
        in(of.x()),
        in(of.z()),
        in(of.weight()),
        in(rstd),
        in(gradOutput),
        out(to.x()),
        out(to.z()),
        out(to.weightTerms()),
        gradGate.memory());
    gradGate.release();
  }
}
