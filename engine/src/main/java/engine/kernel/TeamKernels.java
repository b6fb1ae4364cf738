package engine.kernel;

/** A backend on the processor, whose ops share the threads of a team. */
public interface TeamKernels extends Kernels {
  /** The team. */
  Workers workers();

  /**
   * The same backend with the same memory, each of whose ops computes on its caller alone, so that
   * several threads may use it at once.
   */
  Kernels alone();
}
