package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import jdk.incubator.vector.FloatVector;

/**
 * Panels of a matrix in memory. Rows of a panel are written front to back as whole vectors: where
 * the width is no multiple of the lanes, a store runs over into the next row, which is written
 * next; only the last row of a panel is written by element.
 */
final class MatrixPacker {
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
    int safe = Math.min(k - 1, (x.length - start - roundUp(n)) / stride);
    for (int p = 0; p < safe; p++) {
      int from = start + p * stride;
      int to = at + p * width;
      for (int o = 0; o < n; o += L) {
        FloatVector.fromArray(F, x, from + o).intoArray(panel, to + o);
      }
      pad(panel, to, n, width);
    }
    for (int p = Math.max(0, safe); p < k; p++) {
      int to = at + p * width;
      for (int o = 0; o < n; o++) {
        panel[to + o] = x[start + p * stride + o];
      }
      pad(panel, to, n, width);
    }
  }

  /** Element (o, p) of the panel is x[start + o * stride + p]. */
  private static void turned(
      float[] x, int start, int stride, int k, int n, int width, float[] panel, int at) {
    int[] rows = new int[roundUp(n)];
    for (int o = 0; o < rows.length; o++) {
      rows[o] = Math.min(o, n - 1) * stride;
    }
    for (int p = 0; p < k - 1; p++) {
      int to = at + p * width;
      for (int o = 0; o < n; o += L) {
        FloatVector.fromArray(F, x, start + p, rows, o).intoArray(panel, to + o);
      }
      pad(panel, to, n, width);
    }
    int to = at + (k - 1) * width;
    for (int o = 0; o < n; o++) {
      panel[to + o] = x[start + o * stride + k - 1];
    }
    pad(panel, to, n, width);
  }

  private static void pad(float[] panel, int row, int n, int width) {
    for (int o = n; o < width; o++) {
      panel[row + o] = 0f;
    }
  }

  private static int roundUp(int n) {
    return (n + L - 1) / L * L;
  }
}
