package engine.kernel.scalar;

import engine.kernel.BackendProvider;
import engine.kernel.Kernels;
import engine.kernel.Workers;

/** The plain loops, which run everywhere. */
public final class ScalarProvider implements BackendProvider {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Kernels open(Workers workers) {
    return new ScalarKernels(workers);
  }
}
