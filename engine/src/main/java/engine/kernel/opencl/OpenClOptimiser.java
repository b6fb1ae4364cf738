package engine.kernel.opencl;

import engine.kernel.AdamArgs;
import engine.tensor.Storage;

/** AdamW and the moving average. */
final class OpenClOptimiser extends OpenClFamily {
  OpenClOptimiser(OpenClContext context) {
    super(context, "optimiser");
  }

  void adam(AdamArgs a, Storage p, Storage gradient, Storage m, Storage v, int n) {
    run(
        "adam",
        n,
        a.beta1(),
        a.oneMinusBeta1(),
        a.beta2(),
        a.oneMinusBeta2(),
        a.sqrtCorrection2(),
        a.eps(),
        a.stepSize(),
        a.keep(),
        a.gradScale(),
        out(p),
        in(gradient),
        out(m),
        out(v));
  }

  void ema(float decay, float oneMinusDecay, Storage p, Storage average, int n) {
    run("ema", n, decay, oneMinusDecay, in(p), out(average));
  }

  void adamEma(
      AdamArgs args,
      float decay,
      float oneMinusDecay,
      Storage p,
      Storage gradient,
      Storage m,
      Storage v,
      Storage average,
      int n) {
    adam(args, p, gradient, m, v, n);
    ema(decay, oneMinusDecay, p, average, n);
  }
}
