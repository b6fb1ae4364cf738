package engine.kernel.opencl;

import engine.kernel.RmsNormArgs;
import engine.kernel.RmsNormMergeArgs;
import engine.tensor.Storage;

/** The gated RMS norm, alone and of the sum of two walks. */
final class OpenClRmsNorm extends OpenClFamily {
  OpenClRmsNorm(OpenClContext context) {
    super(context, "rms_norm");
  }

  void rmsNorm(RmsNormArgs a, Storage x, Storage z, Storage weight, Storage y, Storage rstd) {
    runRows(
        "rms_norm",
        a.rows(),
        a.width(),
        a.group(),
        a.eps(),
        a.normBeforeGate() ? 1 : 0,
        flag(z),
        in(x),
        in(z),
        in(weight),
        out(y),
        out(rstd));
  }

  void rmsNormGrad(
      RmsNormArgs a,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms) {
    runRows(
        "rms_norm_grad",
        a.rows(),
        a.width(),
        a.group(),
        a.normBeforeGate() ? 1 : 0,
        flag(z),
        flag(gradZ),
        in(x),
        in(z),
        in(weight),
        in(rstd),
        in(gradOutput),
        out(gradX),
        out(gradZ),
        out(weightTerms));
  }

  void rmsNormMerge(
      RmsNormMergeArgs a, Storage x, Storage z, Storage weight, Storage y, Storage rstd) {
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
        in(x),
        in(z),
        in(weight),
        out(y),
        out(rstd));
  }

  void rmsNormMergeGrad(
      RmsNormMergeArgs a,
      Storage x,
      Storage z,
      Storage weight,
      Storage rstd,
      Storage gradOutput,
      Storage gradX,
      Storage gradZ,
      Storage weightTerms) {
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
        in(x),
        in(z),
        in(weight),
        in(rstd),
        in(gradOutput),
        out(gradX),
        out(gradZ),
        out(weightTerms),
        gradGate.memory());
    gradGate.release();
  }
}
