package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Panels of a matrix in memory. Rows of a panel are written front to back as whole vectors: where
 * the width is no multiple of the lanes, a store runs over into the next row, which is written
 * next; only the last row of a panel is written by element.
 */
final class MatrixPacker {
  private static final VectorMask<Float> ALL = F.maskAll(true);
  private static final VectorMask<Float> NARROW = F.indexInRange(0, SimdGemm.MR);

  private MatrixPacker() {}

  /**
   * A row-major matrix as panels of a width.
   *
   * @param kInner whether it is stored [outer, k]; else [k, outer]
   */
  static PanelPacker of(float[] x, int offset, int outer, int k, boolean kInner, int width) {
    return kInner ? new Turned(x, offset, k, width) : new Straight(x, offset, outer, width);
  }

  private record Straight(float[] x, int offset, int stride, int width) implements PanelPacker {
    @Override
    public void pack(int k0, int k1, int from, int to, float[] panel, int at) {
      straight(x, offset + k0 * stride + from, stride, k1 - k0, to - from, width, panel, at);
    }

    @Override
    public int depth() {
      return 16;
    }
  }

  private record Turned(float[] x, int offset, int stride, int width) implements PanelPacker {
    @Override
    public void pack(int k0, int k1, int from, int to, float[] panel, int at) {
      turned(x, offset + from * stride + k0, stride, k1 - k0, to - from, width, panel, at);
    }
  }

  /** Element (o, p) of the panel is x[start + p * stride + o]. */
  private static void straight(
      float[] x, int start, int stride, int k, int n, int width, float[] panel, int at) {
    int done = Math.clamp((x.length - start - roundUp(n)) / stride, 0, k - 1);
    if (n > L && n <= 2 * L) {
      pairs(x, start, stride, done, width, panel, at);
    } else {
      vectors(x, start, stride, done, n, width, panel, at);
    }
    for (int p = done; p < k; p++) {
      for (int o = 0; o < n; o++) {
        panel[at + p * width + o] = x[start + p * stride + o];
      }
    }
  }

  /** Rows of two vectors. */
  private static void pairs(
      float[] x, int start, int stride, int k, int width, float[] panel, int at) {
    for (int p = 0; p < k; p++) {
      int from = start + p * stride;
      int to = at + p * width;
      FloatVector.fromArray(F, x, from).intoArray(panel, to);
      FloatVector.fromArray(F, x, from + L).intoArray(panel, to + L);
    }
  }

  private static void vectors(
      float[] x, int start, int stride, int k, int n, int width, float[] panel, int at) {
    for (int p = 0; p < k; p++) {
      int from = start + p * stride;
      int to = at + p * width;
      for (int o = 0; o < n; o += L) {
        FloatVector.fromArray(F, x, from + o).intoArray(panel, to + o);
      }
    }
  }

  /** Element (o, p) of the panel is x[start + o * stride + p]. */
  private static void turned(
      float[] x, int start, int stride, int k, int n, int width, float[] panel, int at) {
    int[] rows = new int[roundUp(n)];
    for (int o = 0; o < rows.length; o++) {
      rows[o] = Math.min(o, n - 1) * stride;
    }
    int done = blocks(x, start, rows, k, n, width, panel, at);
    if (done == k) {
      return;
    }
    for (int p = done; p < k - 1; p++) {
      int to = at + p * width;
      for (int o = 0; o < n; o += L) {
        FloatVector.fromArray(F, x, start + p, rows, o).intoArray(panel, to + o);
      }
    }
    for (int o = 0; o < n; o++) {
      panel[at + (k - 1) * width + o] = x[start + o * stride + k - 1];
    }
  }

  /**
   * Transposes in registers as much of a panel as consists of square blocks. Returns how many k are
   * done.
   */
  private static int blocks(
      float[] x, int start, int[] rows, int k, int n, int width, float[] panel, int at) {
    boolean overrunsTwice = width % L != 0 && width > L;
    if ((L != 8 && L != 16) || overrunsTwice) {
      return 0;
    }
    int done = k / L * L;
    VectorMask<Float> last = width < L ? NARROW : ALL;
    for (int o = 0; o < n; o += L) {
      if (L == 16) {
        Transpose16.run(x, start, rows, o, done, panel, at + o, width, last);
      } else {
        Transpose8.run(x, start, rows, o, done, panel, at + o, width, last);
      }
    }
    return done;
  }

  private static int roundUp(int n) {
    return (n + L - 1) / L * L;
  }
}
