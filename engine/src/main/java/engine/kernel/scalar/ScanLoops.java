package engine.kernel.scalar;

import engine.numeric.NumericContract;
import engine.numeric.Numerics;
import java.util.Arrays;

/**
 * The innermost loops of scans, causal convolutions and gated norms that a compiler does not turn
 * into vectors by itself: all of them that a vector backend replaces. Each result has one order of
 * operations, whatever runs beside it.
 */
public class ScanLoops {
  private static final int SEGMENT = NumericContract.SEGMENT;

  /** A matrix inside an array: element (i, j) at {@code at + i * row + j * col}. */
  public record View(float[] data, int at, int row, int col) {
    /** Rows of neighbouring elements. */
    public static View rows(float[] data, int at, int row) {
      return new View(data, at, row, 1);
    }

    /** The same matrix with its axes exchanged. */
    public View transposed() {
      return new View(data, at, col, row);
    }
  }

  /**
   * c = a b by numeric contract N1: c[i,j] = sum over k of a[i,k] b[k,j]. a is [m,k] in any order;
   * b [k,n] and c [m,n] have neighbouring elements in their rows.
   */
  public void product(int m, int n, int k, View a, View b, View c) {
    float[] segment = k > SEGMENT ? new float[n] : null;
    for (int i = 0; i < m; i++) {
      int to = c.at() + i * c.row();
      chain(i, n, 0, Math.min(k, SEGMENT), a, b, c.data(), to);
      for (int k0 = SEGMENT; k0 < k; k0 += SEGMENT) {
        chain(i, n, k0, Math.min(k, k0 + SEGMENT), a, b, segment, 0);
        for (int j = 0; j < n; j++) {
          c.data()[to + j] += segment[j];
        }
      }
    }
  }

  private static void chain(int i, int n, int from, int end, View a, View b, float[] sum, int to) {
    Arrays.fill(sum, to, to + n, 0f);
    for (int k = from; k < end; k++) {
      float factor = a.data()[a.at() + i * a.row() + k * a.col()];
      int row = b.at() + k * b.row();
      for (int j = 0; j < n; j++) {
        sum[to + j] = Math.fma(factor, b.data()[row + j], sum[to + j]);
      }
    }
  }

  /** x[i] = exp(x[i]) for i in [from, to). */
  public void exp(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Numerics.exp(x[i]);
    }
  }

  /** The sum of x[from, from + n) by numeric contract N5. */
  public float sum(float[] x, int from, int n) {
    return ScalarReduce.sum(x, from, n);
  }

  /** x[i] = silu(x[i]) for i in [from, to). */
  public void silu(float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      x[i] = Numerics.silu(x[i]);
    }
  }

  /**
   * The gradient through silu: target = g * (s * (1 + v * (1 - s))), s = sigmoid(v), n elements of
   * v, g and target from vAt, gAt and to on; target may be v or g itself.
   */
  public void siluGrad(float[] v, int vAt, float[] g, int gAt, float[] target, int to, int n) {
    for (int i = 0; i < n; i++) {
      float s = Numerics.sigmoid(v[vAt + i]);
      target[to + i] = g[gAt + i] * (s * (1f + v[vAt + i] * (1f - s)));
    }
  }

  /** y = a * b, elementwise; y may be a or b at the same place. */
  public void multiply(float[] a, int aAt, float[] b, int bAt, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = a[aAt + i] * b[bAt + i];
    }
  }

  /** y += a * b, elementwise, the product rounded. */
  public void addProduct(float[] a, int aAt, float[] b, int bAt, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += a[aAt + i] * b[bAt + i];
    }
  }

  /** y = factor * x; y may be x at the same place. */
  public void scale(float factor, float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = factor * x[from + i];
    }
  }

  /** y += factor * x, the product rounded. */
  public void addScaled(float factor, float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += factor * x[from + i];
    }
  }

  /** y += x. */
  public void add(float[] x, int from, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += x[from + i];
    }
  }
}
