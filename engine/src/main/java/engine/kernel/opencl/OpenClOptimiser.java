package engine.kernel.opencl;

import engine.kernel.AdamArgs;
import engine.kernel.AdamState;
import engine.kernel.EmaArgs;
import engine.kernel.OptimiserKernels;
import engine.tensor.Storage;

/** AdamW and the moving average. */
final class OpenClOptimiser extends OpenClFamily implements OptimiserKernels {
  OpenClOptimiser(OpenClContext context) {
    super(context, "optimiser");
  }

  @Override
  public void adam(AdamArgs a, AdamState state, int n) {
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
        out(state.p()),
        in(state.gradient()),
        out(state.m()),
        out(state.v()));
  }

  @Override
  public void ema(EmaArgs args, Storage p, Storage average, int n) {
    if (args.incremental()) {
      run("emaIncremental", n, args.oneMinusDecay(), in(p), out(average));
    } else {
      run("ema", n, args.decay(), args.oneMinusDecay(), in(p), out(average));
    }
  }

  @Override
  public void adamEma(AdamArgs args, AdamState state, EmaArgs ema, Storage average, int n) {
    adam(args, state, n);
    ema(ema, state.p(), average, n);
  }
}
