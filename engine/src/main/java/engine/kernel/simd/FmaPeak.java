package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * What one thread can do at most: fused multiply-adds, in as many independent chains as hide their
 * latency. The ceiling that products are measured against. No one form of such a loop is the
 * fastest on every processor and with every compiler, so there are several, the product's own inner
 * loop among them, and the best counts.
 */
public final class FmaPeak {
  /** A form of the loop. */
  public enum Way {
    /** Twelve chains between registers: with two constants 14 of the 16 that processors have. */
    TWELVE(12),

    /** Eight: two units of a latency of 4 want no more, and compilers have registers to spare. */
    EIGHT(8),

    /** The inner loop of a matrix product on panels that stay in the first cache. */
    PRODUCT(0);

    private final int chains;

    Way(int chains) {
      this.chains = chains;
    }
  }

  /** k of the panels, which then take 22 KiB at most. */
  private static final int DEPTH = 128;

  private static final int START = PanelScratch.START;

  private FmaPeak() {}

  /** The multiply-adds that {@link #run} does. */
  public static long multiplyAdds(Way way, int rounds) {
    long tile = (long) SimdGemm.MR * SimdGemm.NR * DEPTH;
    return way == Way.PRODUCT ? products(rounds) * tile : (long) rounds * way.chains * F.length();
  }

  private static int products(int rounds) {
    return rounds / DEPTH;
  }

  /** Runs the loop; the result only keeps the compiler from leaving it out. */
  public static float run(Way way, int rounds) {
    return switch (way) {
      case TWELVE -> twelve(rounds);
      case EIGHT -> eight(rounds);
      case PRODUCT -> product(products(rounds));
    };
  }

  private static float product(int products) {
    float[] a = new float[START + SimdGemm.MR * DEPTH];
    float[] b = new float[START + SimdGemm.NR * DEPTH];
    float[] tile = new float[SimdGemm.MR * SimdGemm.NR];
    Arrays.fill(a, 0.5f);
    Arrays.fill(b, 0.25f);
    for (int i = 0; i < products; i++) {
      SimdGemm.multiply(SimdGemm.MR, SimdGemm.NR, DEPTH, a, START, b, START, tile);
    }
    return tile[0];
  }

  private static float eight(int rounds) {
    FloatVector x = FloatVector.broadcast(F, 0.999f);
    FloatVector y = FloatVector.broadcast(F, 0.001f);
    FloatVector a0 = y;
    FloatVector a1 = y;
    FloatVector a2 = y;
    FloatVector a3 = y;
    FloatVector a4 = y;
    FloatVector a5 = y;
    FloatVector a6 = y;
    FloatVector a7 = y;
    for (int i = 0; i < rounds; i++) {
      a0 = a0.fma(x, y);
      a1 = a1.fma(x, y);
      a2 = a2.fma(x, y);
      a3 = a3.fma(x, y);
      a4 = a4.fma(x, y);
      a5 = a5.fma(x, y);
      a6 = a6.fma(x, y);
      a7 = a7.fma(x, y);
    }
    return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).lane(0);
  }

  private static float twelve(int rounds) {
    FloatVector x = FloatVector.broadcast(F, 0.999f);
    FloatVector y = FloatVector.broadcast(F, 0.001f);
    FloatVector a0 = y;
    FloatVector a1 = y;
    FloatVector a2 = y;
    FloatVector a3 = y;
    FloatVector a4 = y;
    FloatVector a5 = y;
    FloatVector a6 = y;
    FloatVector a7 = y;
    FloatVector a8 = y;
    FloatVector a9 = y;
    FloatVector a10 = y;
    FloatVector a11 = y;
    for (int i = 0; i < rounds; i++) {
      a0 = a0.fma(x, y);
      a1 = a1.fma(x, y);
      a2 = a2.fma(x, y);
      a3 = a3.fma(x, y);
      a4 = a4.fma(x, y);
      a5 = a5.fma(x, y);
      a6 = a6.fma(x, y);
      a7 = a7.fma(x, y);
      a8 = a8.fma(x, y);
      a9 = a9.fma(x, y);
      a10 = a10.fma(x, y);
      a11 = a11.fma(x, y);
    }
    FloatVector low = a0.add(a1).add(a2).add(a3).add(a4).add(a5);
    FloatVector high = a6.add(a7).add(a8).add(a9).add(a10).add(a11);
    return low.add(high).lane(0);
  }
}
