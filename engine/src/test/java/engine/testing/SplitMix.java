package engine.testing;

/** Test values as a function of (seed, index): the finaliser of SplitMix64. */
public final class SplitMix {
  private SplitMix() {}

  public static long at(long seed, long index) {
    long z = seed * 0xD1B54A32D192ED03L + (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1). */
  public static double unit(long seed, long index) {
    return (at(seed, index) >>> 11) * 0x1.0p-53;
  }
}
