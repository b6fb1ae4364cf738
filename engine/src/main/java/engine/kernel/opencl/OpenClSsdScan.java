package engine.kernel.opencl;

import engine.kernel.SsdArgs;
import engine.kernel.SsdScanKernels;
import engine.tensor.Storage;

/** The state space scan (N9): {@link OpenClSsdRun}. */
final class OpenClSsdScan implements SsdScanKernels {
  private final OpenClContext context;

  OpenClSsdScan(OpenClContext context) {
    this.context = context;
  }

  @Override
  public void forward(SsdArgs args, SsdArgs.Inputs in, Storage y) {
    OpenClSsdRun run = new OpenClSsdRun(context, args, in);
    run.scan(y);
    run.close();
  }

  @Override
  public void finalState(SsdArgs args, SsdArgs.Inputs in, Storage state) {
    OpenClSsdRun run = new OpenClSsdRun(context, args, in);
    run.finalState(state);
    run.close();
  }

  @Override
  public void gradient(
      SsdArgs args, SsdArgs.Inputs in, Storage gradY, Storage gradState, SsdArgs.Gradients out) {
    OpenClSsdRun run = new OpenClSsdRun(context, args, in);
    run.gradient(gradY, gradState, out);
    run.close();
  }
}
