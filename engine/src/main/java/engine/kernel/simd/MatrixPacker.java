package engine.kernel.simd;

import java.util.Arrays;

/**
 * Panels of a matrix in memory: element (o, p) at {@code x[offset + o * strideO + p * strideK]}.
 */
final class MatrixPacker {
  private MatrixPacker() {}

  /** The matrix [outer, k] (or its transpose, [k, outer]), row-major, as panels of a width. */
  static PanelPacker of(float[] x, int offset, int outer, int k, boolean kInner, int width) {
    return kInner
        ? (k0, k1, from, to, panel, at) ->
            transpose(x, offset + from * k + k0, k, k1 - k0, to - from, width, panel, at)
        : (k0, k1, from, to, panel, at) ->
            rows(x, offset + k0 * outer + from, outer, k1 - k0, to - from, width, panel, at);
  }

  private static void rows(
      float[] x, int start, int stride, int k, int n, int width, float[] panel, int at) {
    for (int p = 0; p < k; p++) {
      int row = at + p * width;
      System.arraycopy(x, start + p * stride, panel, row, n);
      if (n < width) {
        Arrays.fill(panel, row + n, row + width, 0f);
      }
    }
  }

  private static void transpose(
      float[] x, int start, int stride, int k, int n, int width, float[] panel, int at) {
    int o = 0;
    for (; o + 4 <= n; o += 4) {
      int r0 = start + o * stride;
      int r1 = r0 + stride;
      int r2 = r1 + stride;
      int r3 = r2 + stride;
      for (int p = 0; p < k; p++) {
        int to = at + p * width + o;
        panel[to] = x[r0 + p];
        panel[to + 1] = x[r1 + p];
        panel[to + 2] = x[r2 + p];
        panel[to + 3] = x[r3 + p];
      }
    }
    for (; o < n; o++) {
      for (int p = 0; p < k; p++) {
        panel[at + p * width + o] = x[start + o * stride + p];
      }
    }
    if (n < width) {
      for (int p = 0; p < k; p++) {
        Arrays.fill(panel, at + p * width + n, at + p * width + width, 0f);
      }
    }
  }
}
