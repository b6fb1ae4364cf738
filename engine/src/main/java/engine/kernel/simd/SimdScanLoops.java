package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.scalar.ScanLoops;
import engine.numeric.NumericContract;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link ScanLoops} in vectors. The scan's products are many and small (48 x 64 x 48 is typical),
 * so their operands are read where they lie: four rows of c by two vectors stay in registers, and
 * what is left over takes one row or one masked vector.
 */
final class SimdScanLoops extends ScanLoops {
  private static final int SEGMENT = NumericContract.SEGMENT;

  @Override
  public void product(int m, int n, int k, View a, View b, View c) {
    segment(m, n, 0, Math.min(k, SEGMENT), a, b, c);
    for (int k0 = SEGMENT; k0 < k; k0 += SEGMENT) {
      segment(m, n, k0, Math.min(k, k0 + SEGMENT), a, b, c);
    }
  }

  /** One segment of k, the first written to c and later ones added. */
  private static void segment(int m, int n, int from, int end, View a, View b, View c) {
    int whole = n - n % L;
    int i = 0;
    for (; i + 4 <= m; i += 4) {
      int j = 0;
      for (; j + 2 * L <= whole; j += 2 * L) {
        fourByTwo(i, j, from, end, a, b, c);
      }
      for (; j < whole; j += L) {
        fourByOne(i, j, from, end, a, b, c);
      }
      if (j < n) {
        fourByFew(i, j, n, from, end, a, b, c);
      }
    }
    for (; i < m; i++) {
      for (int j = 0; j < whole; j += L) {
        oneByOne(i, j, from, end, a, b, c);
      }
      if (whole < n) {
        oneByFew(i, whole, n, from, end, a, b, c);
      }
    }
  }

  private static void fourByTwo(int i, int j, int from, int end, View a, View b, View c) {
    float[] ad = a.data();
    float[] bd = b.data();
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    int row = a.row();
    int ia = a.at() + i * row + from * a.col();
    int ib = b.at() + from * b.row() + j;
    for (int k = from; k < end; k++) {
      FloatVector b0 = FloatVector.fromArray(F, bd, ib);
      FloatVector b1 = FloatVector.fromArray(F, bd, ib + L);
      FloatVector a0 = FloatVector.broadcast(F, ad[ia]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(F, ad[ia + row]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(F, ad[ia + 2 * row]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(F, ad[ia + 3 * row]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      ia += a.col();
      ib += b.row();
    }
    int ic = c.at() + i * c.row() + j;
    boolean add = from > 0;
    write(c00, c.data(), ic, add);
    write(c01, c.data(), ic + L, add);
    write(c10, c.data(), ic + c.row(), add);
    write(c11, c.data(), ic + c.row() + L, add);
    write(c20, c.data(), ic + 2 * c.row(), add);
    write(c21, c.data(), ic + 2 * c.row() + L, add);
    write(c30, c.data(), ic + 3 * c.row(), add);
    write(c31, c.data(), ic + 3 * c.row() + L, add);
  }

  private static void write(FloatVector sum, float[] c, int at, boolean add) {
    (add ? FloatVector.fromArray(F, c, at).add(sum) : sum).intoArray(c, at);
  }

  private static void fourByOne(int i, int j, int from, int end, View a, View b, View c) {
    float[] ad = a.data();
    float[] bd = b.data();
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    int row = a.row();
    int ia = a.at() + i * row + from * a.col();
    int ib = b.at() + from * b.row() + j;
    for (int k = from; k < end; k++) {
      FloatVector b0 = FloatVector.fromArray(F, bd, ib);
      c0 = FloatVector.broadcast(F, ad[ia]).fma(b0, c0);
      c1 = FloatVector.broadcast(F, ad[ia + row]).fma(b0, c1);
      c2 = FloatVector.broadcast(F, ad[ia + 2 * row]).fma(b0, c2);
      c3 = FloatVector.broadcast(F, ad[ia + 3 * row]).fma(b0, c3);
      ia += a.col();
      ib += b.row();
    }
    int ic = c.at() + i * c.row() + j;
    boolean add = from > 0;
    write(c0, c.data(), ic, add);
    write(c1, c.data(), ic + c.row(), add);
    write(c2, c.data(), ic + 2 * c.row(), add);
    write(c3, c.data(), ic + 3 * c.row(), add);
  }

  private static void oneByOne(int i, int j, int from, int end, View a, View b, View c) {
    float[] ad = a.data();
    float[] bd = b.data();
    FloatVector sum = FloatVector.zero(F);
    int ia = a.at() + i * a.row() + from * a.col();
    int ib = b.at() + from * b.row() + j;
    for (int k = from; k < end; k++) {
      sum = FloatVector.broadcast(F, ad[ia]).fma(FloatVector.fromArray(F, bd, ib), sum);
      ia += a.col();
      ib += b.row();
    }
    write(sum, c.data(), c.at() + i * c.row() + j, from > 0);
  }

  /** Columns [j, n), fewer than a vector, of four rows: masks, which cost more than they look. */
  private static void fourByFew(int i, int j, int n, int from, int end, View a, View b, View c) {
    float[] ad = a.data();
    float[] bd = b.data();
    VectorMask<Float> mask = F.indexInRange(j, n);
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    int row = a.row();
    int ia = a.at() + i * row + from * a.col();
    int ib = b.at() + from * b.row() + j;
    for (int k = from; k < end; k++) {
      FloatVector b0 = FloatVector.fromArray(F, bd, ib, mask);
      c0 = FloatVector.broadcast(F, ad[ia]).fma(b0, c0);
      c1 = FloatVector.broadcast(F, ad[ia + row]).fma(b0, c1);
      c2 = FloatVector.broadcast(F, ad[ia + 2 * row]).fma(b0, c2);
      c3 = FloatVector.broadcast(F, ad[ia + 3 * row]).fma(b0, c3);
      ia += a.col();
      ib += b.row();
    }
    int ic = c.at() + i * c.row() + j;
    boolean add = from > 0;
    write(c0, c.data(), ic, mask, add);
    write(c1, c.data(), ic + c.row(), mask, add);
    write(c2, c.data(), ic + 2 * c.row(), mask, add);
    write(c3, c.data(), ic + 3 * c.row(), mask, add);
  }

  private static void oneByFew(int i, int j, int n, int from, int end, View a, View b, View c) {
    float[] ad = a.data();
    float[] bd = b.data();
    VectorMask<Float> mask = F.indexInRange(j, n);
    FloatVector sum = FloatVector.zero(F);
    int ia = a.at() + i * a.row() + from * a.col();
    int ib = b.at() + from * b.row() + j;
    for (int k = from; k < end; k++) {
      sum = FloatVector.broadcast(F, ad[ia]).fma(FloatVector.fromArray(F, bd, ib, mask), sum);
      ia += a.col();
      ib += b.row();
    }
    write(sum, c.data(), c.at() + i * c.row() + j, mask, from > 0);
  }

  private static void write(
      FloatVector sum, float[] c, int at, VectorMask<Float> mask, boolean add) {
    FloatVector result = add ? FloatVector.fromArray(F, c, at, mask).add(sum) : sum;
    result.intoArray(c, at, mask);
  }

  @Override
  public void exp(float[] x, int from, int to) {
    int i = from;
    for (; i + L <= to; i += L) {
      VectorMath.exp(FloatVector.fromArray(F, x, i)).intoArray(x, i);
    }
    if (i < to) {
      expFew(x, i, to);
    }
  }

  /** Fewer than a vector: rows of a triangle end anywhere, and one by one their ends would rule. */
  private static void expFew(float[] x, int from, int to) {
    VectorMask<Float> mask = F.indexInRange(from, to);
    VectorMath.exp(FloatVector.fromArray(F, x, from, mask)).intoArray(x, from, mask);
  }

  @Override
  public float sum(float[] x, int from, int n) {
    return SimdReduce.sum(x, from, n);
  }

  @Override
  public void silu(float[] x, int from, int to) {
    int i = from;
    for (; i + L <= to; i += L) {
      VectorMath.silu(FloatVector.fromArray(F, x, i)).intoArray(x, i);
    }
    super.silu(x, i, to);
  }

  @Override
  public void siluGrad(float[] v, int vAt, float[] g, int gAt, float[] target, int to, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector x = FloatVector.fromArray(F, v, vAt + i);
      FloatVector s = VectorMath.sigmoid(x);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector slope = s.mul(one.add(x.mul(one.sub(s))));
      FloatVector.fromArray(F, g, gAt + i).mul(slope).intoArray(target, to + i);
    }
    super.siluGrad(v, vAt + i, g, gAt + i, target, to + i, n - i);
  }

  @Override
  public void multiply(float[] a, int aAt, float[] b, int bAt, float[] y, int to, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector product =
          FloatVector.fromArray(F, a, aAt + i).mul(FloatVector.fromArray(F, b, bAt + i));
      product.intoArray(y, to + i);
    }
    if (i < n) {
      VectorMask<Float> mask = F.indexInRange(i, n);
      FloatVector product =
          FloatVector.fromArray(F, a, aAt + i, mask)
              .mul(FloatVector.fromArray(F, b, bAt + i, mask));
      product.intoArray(y, to + i, mask);
    }
  }

  @Override
  public void addProduct(float[] a, int aAt, float[] b, int bAt, float[] y, int to, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector product =
          FloatVector.fromArray(F, a, aAt + i).mul(FloatVector.fromArray(F, b, bAt + i));
      FloatVector.fromArray(F, y, to + i).add(product).intoArray(y, to + i);
    }
    if (i < n) {
      VectorMask<Float> mask = F.indexInRange(i, n);
      FloatVector product =
          FloatVector.fromArray(F, a, aAt + i, mask)
              .mul(FloatVector.fromArray(F, b, bAt + i, mask));
      FloatVector.fromArray(F, y, to + i, mask).add(product).intoArray(y, to + i, mask);
    }
  }

  @Override
  public void scale(float factor, float[] x, int from, float[] y, int to, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector.fromArray(F, x, from + i).mul(factor).intoArray(y, to + i);
    }
    super.scale(factor, x, from + i, y, to + i, n - i);
  }

  @Override
  public void addScaled(float factor, float[] x, int from, float[] y, int to, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector product = FloatVector.fromArray(F, x, from + i).mul(factor);
      FloatVector.fromArray(F, y, to + i).add(product).intoArray(y, to + i);
    }
    super.addScaled(factor, x, from + i, y, to + i, n - i);
  }

  @Override
  public void add(float[] x, int from, float[] y, int to, int n) {
    int i = 0;
    for (; i + L <= n; i += L) {
      FloatVector sum =
          FloatVector.fromArray(F, y, to + i).add(FloatVector.fromArray(F, x, from + i));
      sum.intoArray(y, to + i);
    }
    super.add(x, from + i, y, to + i, n - i);
  }
}
