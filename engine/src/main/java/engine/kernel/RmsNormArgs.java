package engine.kernel;

/**
 * Root mean square norm of [rows, width] over groups of {@code group} neighbouring columns. The
 * gate's rows may be part of wider ones: element (r, c) of z is at {@code r * gateStride +
 * gateOffset + c}.
 *
 * @param normBeforeGate RMSNorm(x) * weight * silu(z), instead of RMSNorm(x * silu(z)) * weight
 */
public record RmsNormArgs(
    int rows,
    int width,
    int group,
    float eps,
    boolean normBeforeGate,
    int gateStride,
    int gateOffset) {
  /** Groups in one row. */
  public int groups() {
    return width / group;
  }
}
