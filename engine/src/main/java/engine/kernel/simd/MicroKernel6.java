package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * 6 rows by two vectors: 12 accumulators, for processors with 16 vector registers, and for the last
 * rows of a taller tile. See {@link SimdGemm} for the panels.
 */
final class MicroKernel6 {
  private static final int MR = SimdGemm.MR;
  private static final int NR = SimdGemm.NR;

  /** Opaque loads keep the compiler from loading all rows early, which would spill accumulators. */
  private static final VarHandle A = MethodHandles.arrayElementVarHandle(float[].class);

  private MicroKernel6() {}

  /** tile[r][c] = one chain of fma over p in [0, k) of a[p][r] * b[p][c], from +0. */
  static void run(int k, float[] a, int fromA, float[] b, int fromB, float[] tile) {
    FloatVector c0a = FloatVector.zero(F);
    FloatVector c0b = FloatVector.zero(F);
    FloatVector c1a = FloatVector.zero(F);
    FloatVector c1b = FloatVector.zero(F);
    FloatVector c2a = FloatVector.zero(F);
    FloatVector c2b = FloatVector.zero(F);
    FloatVector c3a = FloatVector.zero(F);
    FloatVector c3b = FloatVector.zero(F);
    FloatVector c4a = FloatVector.zero(F);
    FloatVector c4b = FloatVector.zero(F);
    FloatVector c5a = FloatVector.zero(F);
    FloatVector c5b = FloatVector.zero(F);
    int ia = fromA;
    int ib = fromB;
    // Counted by p: a loop over ib makes the compiler spill where there are 16 registers, which
    // takes twice as long.
    for (int p = 0; p < k; p++) {
      FloatVector b0 = FloatVector.fromArray(F, b, ib);
      FloatVector b1 = FloatVector.fromArray(F, b, ib + L);
      FloatVector a0 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia));
      c0a = a0.fma(b0, c0a);
      c0b = a0.fma(b1, c0b);
      FloatVector a1 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 1));
      c1a = a1.fma(b0, c1a);
      c1b = a1.fma(b1, c1b);
      FloatVector a2 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 2));
      c2a = a2.fma(b0, c2a);
      c2b = a2.fma(b1, c2b);
      FloatVector a3 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 3));
      c3a = a3.fma(b0, c3a);
      c3b = a3.fma(b1, c3b);
      FloatVector a4 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 4));
      c4a = a4.fma(b0, c4a);
      c4b = a4.fma(b1, c4b);
      FloatVector a5 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 5));
      c5a = a5.fma(b0, c5a);
      c5b = a5.fma(b1, c5b);
      ia += MR;
      ib += NR;
    }
    c0a.intoArray(tile, 0);
    c0b.intoArray(tile, L);
    c1a.intoArray(tile, NR);
    c1b.intoArray(tile, NR + L);
    c2a.intoArray(tile, 2 * NR);
    c2b.intoArray(tile, 2 * NR + L);
    c3a.intoArray(tile, 3 * NR);
    c3b.intoArray(tile, 3 * NR + L);
    c4a.intoArray(tile, 4 * NR);
    c4b.intoArray(tile, 4 * NR + L);
    c5a.intoArray(tile, 5 * NR);
    c5b.intoArray(tile, 5 * NR + L);
  }

  /** The same for the first vector of columns alone; the rest of the tile is left as it is. */
  static void half(int k, float[] a, int fromA, float[] b, int fromB, float[] tile) {
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = FloatVector.zero(F);
    FloatVector c2 = FloatVector.zero(F);
    FloatVector c3 = FloatVector.zero(F);
    FloatVector c4 = FloatVector.zero(F);
    FloatVector c5 = FloatVector.zero(F);
    int ia = fromA;
    int end = fromB + k * NR;
    for (int ib = fromB; ib < end; ib += NR) {
      FloatVector b0 = FloatVector.fromArray(F, b, ib);
      FloatVector a0 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia));
      c0 = a0.fma(b0, c0);
      FloatVector a1 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 1));
      c1 = a1.fma(b0, c1);
      FloatVector a2 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 2));
      c2 = a2.fma(b0, c2);
      FloatVector a3 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 3));
      c3 = a3.fma(b0, c3);
      FloatVector a4 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 4));
      c4 = a4.fma(b0, c4);
      FloatVector a5 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 5));
      c5 = a5.fma(b0, c5);
      ia += MR;
    }
    c0.intoArray(tile, 0);
    c1.intoArray(tile, NR);
    c2.intoArray(tile, 2 * NR);
    c3.intoArray(tile, 3 * NR);
    c4.intoArray(tile, 4 * NR);
    c5.intoArray(tile, 5 * NR);
  }
}
