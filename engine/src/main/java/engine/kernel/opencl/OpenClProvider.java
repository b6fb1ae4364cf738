package engine.kernel.opencl;

import engine.kernel.BackendProvider;
import engine.kernel.Kernels;
import engine.kernel.Workers;
import java.util.Optional;

/**
 * OpenCL devices, where JOCL is on the class path; whether there is a driver shows when one is
 * opened. This class and {@link OpenClDevices} load without JOCL.
 */
public final class OpenClProvider implements BackendProvider {
  private static final Lack JOCL =
      new Lack(
          "JOCL",
          "add the jar of org.jocl:jocl to the class path, an optional dependency of engine");

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public Optional<Lack> lack() {
    try {
      Class.forName("org.jocl.CL", false, OpenClProvider.class.getClassLoader());
      return Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.of(JOCL);
    }
  }

  /** Refuses to go on without JOCL. */
  static void wantJocl() {
    new OpenClProvider()
        .lack()
        .ifPresent(lack -> {
          throw new OpenClException("needs " + lack.what() + ": " + lack.remedy());
        });
  }

  @Override
  public Kernels open(Workers workers) {
    return new OpenClKernels(workers);
  }
}
