package engine.kernel;

/**
 * The vector width that the SIMD backend is compiled for when it opens: {@code
 * -Dengine.simd.bits=128|256|512}, or what a program configured, or 0 for the processor's own. Any
 * width gives the same bits; one that the processor lacks is emulated and very slow.
 *
 * <p>The compiler needs it as a constant, so it is one per process: all engines share it, and the
 * first that opens the SIMD backend fixes it. This is the one place that decides on it; the
 * constant itself is {@code engine.kernel.simd.SimdSpecies}.
 */
public final class SimdWidth {
  private static int bits = Integer.getInteger("engine.simd.bits", 0);

  private static boolean fixed;

  private SimdWidth() {}

  /**
   * Chooses the width.
   *
   * @param width 128, 256 or 512 bits, or 0 for the processor's own
   * @throws IllegalStateException if the SIMD backend has been opened at another
   */
  public static synchronized void configure(int width) {
    if (width != 0 && width != 128 && width != 256 && width != 512) {
      throw new IllegalArgumentException(
          "[simd] width must be 128, 256 or 512 bits, or 0 for the processor's own; got " + width);
    }
    if (fixed && width != bits) {
      throw new IllegalStateException(
          "[simd] the width cannot become %s, for the backend has been opened at %s: choose it"
                  .formatted(words(width), words(bits))
              + " before anything computes, or when the process starts (-Dengine.simd.bits)");
    }
    bits = width;
  }

  private static String words(int width) {
    return width == 0 ? "the processor's own" : width + " bits";
  }

  /** The choice: 128, 256 or 512 bits, or 0 for the processor's own. */
  public static synchronized int bits() {
    return bits;
  }

  /** The choice, which stays from now on: for the backend as it opens. */
  public static synchronized int fix() {
    fixed = true;
    return bits;
  }
}
