package engine.kernel;

/**
 * Root mean square norm of [rows, width] over groups of {@code group} neighbouring columns.
 *
 * @param normBeforeGate RMSNorm(x) * weight * silu(z), instead of RMSNorm(x * silu(z)) * weight
 */
public record RmsNormGatedArgs(int rows, int width, int group, float eps, boolean normBeforeGate) {
  /** Groups in one row. */
  public int groups() {
    return width / group;
  }
}
