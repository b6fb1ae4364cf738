package engine.kernel;

/**
 * Asks a backend, through its kernels alone, whether it keeps the numeric contract (N18): what is
 * expected is written out once more in plain Java ({@link ProbeArithmetic}, {@link ProbeOrder}) or
 * stored as a hash ({@link ProbeFunctions}). Takes a few thousand operations; {@link Backends} runs
 * it once for each backend.
 */
final class Probe {
  private Probe() {}

  /** Runs every check. */
  static ProbeReport of(Kernels kernels) {
    ProbeChecks checks = new ProbeChecks(kernels);
    ProbeArithmetic.run(checks);
    ProbeOrder.run(checks);
    ProbeFunctions.run(checks);
    return checks.report();
  }
}
