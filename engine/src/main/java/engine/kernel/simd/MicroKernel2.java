package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/**
 * 2 rows by two vectors, for the last rows of a taller tile and for products of one or two rows.
 * See {@link SimdGemm} for the panels.
 */
final class MicroKernel2 {
  private static final int MR = SimdGemm.MR;
  private static final int NR = SimdGemm.NR;

  /** Opaque loads keep the compiler from loading all rows early, which would spill accumulators. */
  private static final VarHandle A = MethodHandles.arrayElementVarHandle(float[].class);

  private MicroKernel2() {}

  /** tile[r][c] = one chain of fma over p in [0, k) of a[p][r] * b[p][c], from +0. */
  static void run(int k, float[] a, int fromA, float[] b, int fromB, float[] tile) {
    FloatVector c0a = FloatVector.zero(F);
    FloatVector c0b = FloatVector.zero(F);
    FloatVector c1a = FloatVector.zero(F);
    FloatVector c1b = FloatVector.zero(F);
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
      ia += MR;
    }
    c0a.intoArray(tile, 0);
    c0b.intoArray(tile, L);
    c1a.intoArray(tile, NR);
    c1b.intoArray(tile, NR + L);
  }

  /** The same for the first vector of columns alone; the rest of the tile is left as it is. */
  static void half(int k, float[] a, int fromA, float[] b, int fromB, float[] tile) {
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = FloatVector.zero(F);
    int ia = fromA;
    int end = fromB + k * NR;
    for (int ib = fromB; ib < end; ib += NR) {
      FloatVector b0 = FloatVector.fromArray(F, b, ib);
      FloatVector a0 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia));
      c0 = a0.fma(b0, c0);
      FloatVector a1 = FloatVector.broadcast(F, (float) A.getOpaque(a, ia + 1));
      c1 = a1.fma(b0, c1);
      ia += MR;
    }
    c0.intoArray(tile, 0);
    c1.intoArray(tile, NR);
  }
}
