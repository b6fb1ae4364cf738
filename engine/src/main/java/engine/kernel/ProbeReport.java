package engine.kernel;

import java.util.List;
import java.util.stream.Collectors;

/** What the probe of a backend found. */
public record ProbeReport(String backend, List<Check> checks) {
  public ProbeReport {
    checks = List.copyOf(checks);
  }

  /**
   * One property of the contract.
   *
   * @param name the property, for instance {@code denormals}
   * @param where the kernel and the element that {@code expected} and {@code got} belong to: the
   *     first that differs, or the last one looked at
   * @param expected the bits of a float32, or a hash of many
   */
  public record Check(String name, String where, long expected, long got) {
    public boolean passed() {
      return expected == got;
    }

    @Override
    public String toString() {
      return passed()
          ? name + ": passed"
          : "%s: %s is %08x, wants %08x".formatted(name, where, got, expected);
    }
  }

  public Fidelity fidelity() {
    return failures().isEmpty() ? Fidelity.EXACT : Fidelity.APPROXIMATE;
  }

  public List<Check> failures() {
    return checks.stream().filter(c -> !c.passed()).toList();
  }

  /** One line: the fidelity and, where checks failed, which. */
  public String summary() {
    String start = "backend " + backend + " is " + fidelity();
    return failures().isEmpty()
        ? start
        : start
            + ": it fails %d of %d checks (%s)"
                .formatted(
                    failures().size(),
                    checks.size(),
                    failures().stream().map(Check::name).collect(Collectors.joining(", ")));
  }
}
