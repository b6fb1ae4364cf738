package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * 12 rows by two vectors: 24 accumulators, for processors with 32 vector registers. See {@link
 * SimdGemm} for the panels.
 */
final class MicroKernel12 {
  private static final int MR = SimdGemm.MR;
  private static final int NR = SimdGemm.NR;

  /** Opaque loads keep the compiler from loading all rows early, which would spill accumulators. */
  private static final VarHandle A = MethodHandles.arrayElementVarHandle(float[].class);

  private MicroKernel12() {}

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
    FloatVector c6a = FloatVector.zero(F);
    FloatVector c6b = FloatVector.zero(F);
    FloatVector c7a = FloatVector.zero(F);
    FloatVector c7b = FloatVector.zero(F);
    FloatVector c8a = FloatVector.zero(F);
    FloatVector c8b = FloatVector.zero(F);
    FloatVector c9a = FloatVector.zero(F);
    FloatVector c9b = FloatVector.zero(F);
    FloatVector c10a = FloatVector.zero(F);
    FloatVector c10b = FloatVector.zero(F);
    FloatVector c11a = FloatVector.zero(F);
    FloatVector c11b = FloatVector.zero(F);
    int ia = fromA;
    int end = fromB + k * NR;
    for (int ib = fromB; ib < end; ib += NR) {
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
      FloatVector a6 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 6));
      c6a = a6.fma(b0, c6a);
      c6b = a6.fma(b1, c6b);
      FloatVector a7 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 7));
      c7a = a7.fma(b0, c7a);
      c7b = a7.fma(b1, c7b);
      FloatVector a8 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 8));
      c8a = a8.fma(b0, c8a);
      c8b = a8.fma(b1, c8b);
      FloatVector a9 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 9));
      c9a = a9.fma(b0, c9a);
      c9b = a9.fma(b1, c9b);
      FloatVector a10 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 10));
      c10a = a10.fma(b0, c10a);
      c10b = a10.fma(b1, c10b);
      FloatVector a11 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 11));
      c11a = a11.fma(b0, c11a);
      c11b = a11.fma(b1, c11b);
      ia += MR;
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
    c6a.intoArray(tile, 6 * NR);
    c6b.intoArray(tile, 6 * NR + L);
    c7a.intoArray(tile, 7 * NR);
    c7b.intoArray(tile, 7 * NR + L);
    c8a.intoArray(tile, 8 * NR);
    c8b.intoArray(tile, 8 * NR + L);
    c9a.intoArray(tile, 9 * NR);
    c9b.intoArray(tile, 9 * NR + L);
    c10a.intoArray(tile, 10 * NR);
    c10b.intoArray(tile, 10 * NR + L);
    c11a.intoArray(tile, 11 * NR);
    c11b.intoArray(tile, 11 * NR + L);
  }

  /** The same for the first vector of columns alone; the rest of the tile is left as it is. */
  static void half(int k, float[] a, int fromA, float[] b, int fromB, float[] tile) {
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = FloatVector.zero(F);
    FloatVector c2 = FloatVector.zero(F);
    FloatVector c3 = FloatVector.zero(F);
    FloatVector c4 = FloatVector.zero(F);
    FloatVector c5 = FloatVector.zero(F);
    FloatVector c6 = FloatVector.zero(F);
    FloatVector c7 = FloatVector.zero(F);
    FloatVector c8 = FloatVector.zero(F);
    FloatVector c9 = FloatVector.zero(F);
    FloatVector c10 = FloatVector.zero(F);
    FloatVector c11 = FloatVector.zero(F);
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
      FloatVector a6 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 6));
      c6 = a6.fma(b0, c6);
      FloatVector a7 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 7));
      c7 = a7.fma(b0, c7);
      FloatVector a8 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 8));
      c8 = a8.fma(b0, c8);
      FloatVector a9 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 9));
      c9 = a9.fma(b0, c9);
      FloatVector a10 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 10));
      c10 = a10.fma(b0, c10);
      FloatVector a11 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 11));
      c11 = a11.fma(b0, c11);
      ia += MR;
    }
    c0.intoArray(tile, 0);
    c1.intoArray(tile, NR);
    c2.intoArray(tile, 2 * NR);
    c3.intoArray(tile, 3 * NR);
    c4.intoArray(tile, 4 * NR);
    c5.intoArray(tile, 5 * NR);
    c6.intoArray(tile, 6 * NR);
    c7.intoArray(tile, 7 * NR);
    c8.intoArray(tile, 8 * NR);
    c9.intoArray(tile, 9 * NR);
    c10.intoArray(tile, 10 * NR);
    c11.intoArray(tile, 11 * NR);
  }
}
