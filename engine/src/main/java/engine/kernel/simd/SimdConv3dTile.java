package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The inner loops of convolution: a tile of 8 or 4 channels by two vectors of positions, summed
 * over one segment of k. The positions are read where they lie ({@link SimdConv3dVolume}), so no
 * column matrix is ever written. Accumulators are named locals: the compiler keeps them in
 * registers, of which 512-bit machines have 32 and the others 16.
 */
final class SimdConv3dTile {
  /** Positions of a tile. */
  static final int WIDTH = 2 * L;

  /** Channels of a full tile. */
  static final int ROWS = L >= 16 ? 8 : 4;

  /** Opaque loads keep the compiler from loading all rows early, which would spill accumulators. */
  private static final VarHandle A = MethodHandles.arrayElementVarHandle(float[].class);

  private SimdConv3dTile() {}

  /**
   * c[i][j] = sum over k in [from, to) of a[k][i] * x[base + offset[k] + j], as one chain; c is
   * [rows][WIDTH] at cAt.
   *
   * @param rows 8 or 4
   */
  static void run(
      int rows,
      float[] a,
      int aAt,
      float[] x,
      int[] offset,
      int from,
      int to,
      int base,
      float[] c,
      int cAt) {
    if (rows == 8) {
      eight(a, aAt, x, offset, from, to, base, c, cAt);
    } else {
      four(a, aAt, x, offset, from, to, base, c, cAt);
    }
  }

  /** sums[at + i] += segment[i]. */
  static void add(float[] sums, int at, float[] segment, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector s = FloatVector.fromArray(F, segment, i);
      FloatVector.fromArray(F, sums, at + i).add(s).intoArray(sums, at + i);
    }
  }

  /** segment[i] = sums[at + i] + segment[i]. */
  static void addTo(float[] sums, int at, float[] segment, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector s = FloatVector.fromArray(F, segment, i);
      FloatVector.fromArray(F, sums, at + i).add(s).intoArray(segment, i);
    }
  }

  /** y[to + i] = the ending of sums[at + i] of a channel of bias b, for i in [0, n). */
  static void store(float[] sums, int at, Ending ending, float b, float[] y, int to, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      ending.of(FloatVector.fromArray(F, sums, at + i), b).intoArray(y, to + i);
    }
    if (i < n) {
      VectorMask<Float> rest = F.indexInRange(0, n - i);
      ending.of(FloatVector.fromArray(F, sums, at + i, rest), b).intoArray(y, to + i, rest);
    }
  }

  private static void eight(
      float[] a, int aAt, float[] x, int[] offset, int from, int to, int base, float[] c, int cAt) {
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    FloatVector c40 = c00;
    FloatVector c41 = c00;
    FloatVector c50 = c00;
    FloatVector c51 = c00;
    FloatVector c60 = c00;
    FloatVector c61 = c00;
    FloatVector c70 = c00;
    FloatVector c71 = c00;
    int p = aAt;
    for (int k = from; k < to; k++) {
      int at = base + offset[k];
      FloatVector b0 = FloatVector.fromArray(F, x, at);
      FloatVector b1 = FloatVector.fromArray(F, x, at + L);
      FloatVector w = FloatVector.broadcast(F, (float) A.getOpaque(a, p));
      c00 = w.fma(b0, c00);
      c01 = w.fma(b1, c01);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 1));
      c10 = w.fma(b0, c10);
      c11 = w.fma(b1, c11);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 2));
      c20 = w.fma(b0, c20);
      c21 = w.fma(b1, c21);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 3));
      c30 = w.fma(b0, c30);
      c31 = w.fma(b1, c31);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 4));
      c40 = w.fma(b0, c40);
      c41 = w.fma(b1, c41);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 5));
      c50 = w.fma(b0, c50);
      c51 = w.fma(b1, c51);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 6));
      c60 = w.fma(b0, c60);
      c61 = w.fma(b1, c61);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 7));
      c70 = w.fma(b0, c70);
      c71 = w.fma(b1, c71);
      p += 8;
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + L);
    c10.intoArray(c, cAt + WIDTH);
    c11.intoArray(c, cAt + WIDTH + L);
    c20.intoArray(c, cAt + 2 * WIDTH);
    c21.intoArray(c, cAt + 2 * WIDTH + L);
    c30.intoArray(c, cAt + 3 * WIDTH);
    c31.intoArray(c, cAt + 3 * WIDTH + L);
    c40.intoArray(c, cAt + 4 * WIDTH);
    c41.intoArray(c, cAt + 4 * WIDTH + L);
    c50.intoArray(c, cAt + 5 * WIDTH);
    c51.intoArray(c, cAt + 5 * WIDTH + L);
    c60.intoArray(c, cAt + 6 * WIDTH);
    c61.intoArray(c, cAt + 6 * WIDTH + L);
    c70.intoArray(c, cAt + 7 * WIDTH);
    c71.intoArray(c, cAt + 7 * WIDTH + L);
  }

  private static void four(
      float[] a, int aAt, float[] x, int[] offset, int from, int to, int base, float[] c, int cAt) {
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    int p = aAt;
    for (int k = from; k < to; k++) {
      int at = base + offset[k];
      FloatVector b0 = FloatVector.fromArray(F, x, at);
      FloatVector b1 = FloatVector.fromArray(F, x, at + L);
      FloatVector w = FloatVector.broadcast(F, (float) A.getOpaque(a, p));
      c00 = w.fma(b0, c00);
      c01 = w.fma(b1, c01);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 1));
      c10 = w.fma(b0, c10);
      c11 = w.fma(b1, c11);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 2));
      c20 = w.fma(b0, c20);
      c21 = w.fma(b1, c21);
      w = FloatVector.broadcast(F, (float) A.getOpaque(a, p + 3));
      c30 = w.fma(b0, c30);
      c31 = w.fma(b1, c31);
      p += 4;
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + L);
    c10.intoArray(c, cAt + WIDTH);
    c11.intoArray(c, cAt + WIDTH + L);
    c20.intoArray(c, cAt + 2 * WIDTH);
    c21.intoArray(c, cAt + 2 * WIDTH + L);
    c30.intoArray(c, cAt + 3 * WIDTH);
    c31.intoArray(c, cAt + 3 * WIDTH + L);
  }
}
