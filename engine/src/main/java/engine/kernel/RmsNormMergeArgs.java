package engine.kernel;

/**
 * Gated RMS norms of what several walks through the same tokens gave, added up. The gate's rows may
 * be part of wider ones: element (t, c) of z is at {@code t * gateStride + gateOffset + c}.
 *
 * @param tokens tokens of all clips
 * @param sums results; each adds walks.count() / sums neighbouring walks
 */
public record RmsNormMergeArgs(
    int tokens, int width, float eps, int gateStride, int gateOffset, int sums, Walks walks) {

  /** Walks that make up one sum. */
  public int walksPerSum() {
    return walks.count() / sums;
  }
}
