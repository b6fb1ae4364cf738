package engine.kernel.simd;

import engine.kernel.BackendProvider;
import engine.kernel.Kernels;
import engine.kernel.Workers;
import java.util.Optional;

/** The Vector API's loops, where that module is present. */
public final class SimdProvider implements BackendProvider {
  @Override
  public String name() {
    return "simd";
  }

  @Override
  public Optional<Lack> lack() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? Optional.empty()
        : Optional.of(
            new Lack(
                "the Vector API", "add --add-modules jdk.incubator.vector to the java command"));
  }

  @Override
  public Kernels open(Workers workers) {
    return new SimdKernels(workers);
  }
}
