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
  private static volatile int bits = Integer.getInteger("engine.simd.bits", 0);

  private SimdWidth() {}

  /** Takes effect if the SIMD backend has not been opened yet. */
  public static void configure(int width) {
    if (width != 0 && width != 128 && width != 256 && width != 512) {
      throw new IllegalArgumentException(
          "[simd] width must be 128, 256 or 512 bits, or 0 for the processor's own; got " + width);
    }
    bits = width;
  }

  public static int bits() {
    return bits;
  }
}
