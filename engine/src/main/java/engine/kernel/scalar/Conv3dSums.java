package engine.kernel.scalar;

import engine.numeric.NumericContract;
import java.util.Arrays;

/**
 * Neighbouring outputs of a convolution that sum the same k in segments (N1): the open segment, and
 * the total of closed ones.
 */
class Conv3dSums {
  final float[] open;
  private final float[] total;
  private int k;

  Conv3dSums(int n) {
    open = new float[n];
    total = new float[n];
  }

  void clear() {
    Arrays.fill(open, 0f);
    k = 0;
  }

  /** To be called before each product: closes a full segment. */
  void count() {
    if (k > 0 && k % NumericContract.SEGMENT == 0) {
      close();
      Arrays.fill(open, 0f);
    }
    k++;
  }

  private void close() {
    if (k <= NumericContract.SEGMENT) {
      System.arraycopy(open, 0, total, 0, open.length);
      return;
    }
    for (int i = 0; i < open.length; i++) {
      total[i] += open[i];
    }
  }

  /** Closes the last segment and writes the totals. */
  void store(float[] y, int at, int stride) {
    close();
    for (int i = 0; i < total.length; i++) {
      y[at + i * stride] = total[i];
    }
  }

  /** Outputs along the width: one weight meets a line of inputs. */
  static final class Row extends Conv3dSums {
    Row(int n) {
      super(n);
    }

    /**
     * open[i] += weight * x[line + i*stride + shift], with +0 for x outside of [0, width) of its
     * line.
     */
    void tap(float weight, float[] x, int line, int shift, int stride, int width) {
      count();
      int n = open.length;
      int from = Math.min(n, Math.max(0, Math.ceilDiv(-shift, stride)));
      int to = Math.max(from, Math.min(n, Math.ceilDiv(width - shift, stride)));
      zeros(weight, 0, from);
      if (stride == 1) {
        contiguous(weight, x, line + shift, from, to);
      } else {
        for (int i = from; i < to; i++) {
          open[i] = Math.fma(weight, x[line + shift + i * stride], open[i]);
        }
      }
      zeros(weight, to, n);
    }

    private void contiguous(float weight, float[] x, int at, int from, int to) {
      float[] sums = open;
      for (int i = from; i < to; i++) {
        sums[i] = Math.fma(weight, x[at + i], sums[i]);
      }
    }

    private void zeros(float weight, int from, int to) {
      float[] sums = open;
      for (int i = from; i < to; i++) {
        sums[i] = Math.fma(weight, 0f, sums[i]);
      }
    }
  }

  /** Outputs along the output channels: one input meets the gradients of a position. */
  static final class Column extends Conv3dSums {
    Column(int n) {
      super(n);
    }

    void add(float x, float[] g, int at) {
      count();
      float[] sums = open;
      for (int i = 0; i < sums.length; i++) {
        sums[i] = Math.fma(x, g[at + i], sums[i]);
      }
    }
  }
}
