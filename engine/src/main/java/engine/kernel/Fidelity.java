package engine.kernel;

import java.util.Locale;

/** Whether a backend keeps the numeric contract, as its {@link ProbeReport} found (N18). */
public enum Fidelity {
  /** Passed every check: its results are those of every other exact backend, bit for bit. */
  EXACT,
  /** Failed a check: used only when named, and said so wherever its results go. */
  APPROXIMATE;

  /** As checkpoints and manifests write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
