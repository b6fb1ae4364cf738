package engine.kernel.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Memory for panels that a thread keeps between products; never zeroed again. Where vectors cross
 * cache lines a product takes a fifth longer (measured with 512 bits), so panels should begin on a
 * line. Java cannot ask where an array lies, but G1 gives each array of at least half a region
 * regions of its own, where elements begin 16 bytes after the start of a line. Arrays are made that
 * large; with other collectors the alignment is left to luck, and only speed depends on it.
 */
final class PanelScratch {
  /** Where panels begin: the first element on a cache line in an array of its own region. */
  static final int START = 12;

  private static final int SMALLEST = halfRegion();

  private float[] a = {};
  private float[] b = {};
  final float[] tile = new float[SimdGemm.MR * SimdGemm.NR];

  /** Room for panels of A; contents undefined. */
  float[] a(int size) {
    if (a.length < START + size) {
      a = new float[Math.max(SMALLEST, START + size)];
    }
    return a;
  }

  /** Room for panels of B; contents undefined. */
  float[] b(int size) {
    if (b.length < START + size) {
      b = new float[Math.max(SMALLEST, START + size)];
    }
    return b;
  }

  /** In floats; 0 where there is no G1. */
  private static int halfRegion() {
    try {
      String bytes =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
              .getVMOption("G1HeapRegionSize")
              .getValue();
      return (int) (Long.parseLong(bytes) / 2 / Float.BYTES);
    } catch (RuntimeException | LinkageError e) {
      // Another virtual machine, or one without its management: alignment is left to luck.
      return 0;
    }
  }
}
