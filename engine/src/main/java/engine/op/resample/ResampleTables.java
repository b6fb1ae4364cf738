package engine.op.resample;

import engine.kernel.ResampleTable;
import engine.tensor.ShapeException;
import java.util.Arrays;

/**
 * The tables of the usual resamplings of one axis. Positions and weights are computed in double,
 * each weight rounded once (numeric contract N14). Taps that fall on one source at an edge are
 * joined in double; taps of weight 0 are left out, so that positions on the grid copy exactly.
 */
final class ResampleTables {
  /** The sharpness of the cubic kernel (PyTorch's). */
  private static final double A = -0.75;

  private ResampleTables() {}

  /** Two taps at the neighbours of the position; positions before the first are the first. */
  static ResampleTable linear(int in, int out, Positions positions) {
    Builder taps = new Builder("linear", in, out, 2);
    for (int j = 0; j < out; j++) {
      double at = Math.max(0, positions.at(j));
      int left = (int) Math.min(at, in - 1);
      double right = Math.min(1, at - left);
      taps.add(left, 1 - right);
      taps.add(left + 1, right);
      taps.next();
    }
    return taps.build();
  }

  /**
   * Four taps of Keys' cubic kernel with a = -0.75; taps outside read the edge.
   *
   * <p>w(d) = (a+2)|d|^3 - (a+3)|d|^2 + 1 for |d| &lt;= 1, a|d|^3 - 5a|d|^2 + 8a|d| - 4a for |d|
   * &lt; 2.
   */
  static ResampleTable cubic(int in, int out, Positions positions) {
    Builder taps = new Builder("bicubic", in, out, 4);
    for (int j = 0; j < out; j++) {
      double at = positions.at(j);
      int floor = (int) Math.floor(at);
      for (int tap = floor - 1; tap <= floor + 2; tap++) {
        taps.add(tap, cubicWeight(Math.abs(at - tap)));
      }
      taps.next();
    }
    return taps.build();
  }

  private static double cubicWeight(double d) {
    if (d <= 1) {
      return ((A + 2) * d - (A + 3)) * d * d + 1;
    }
    return d < 2 ? ((A * d - 5 * A) * d + 8 * A) * d - 4 * A : 0;
  }

  /** Means of windows of k inputs, every {@code stride}; an incomplete last window is dropped. */
  static ResampleTable average(int in, int k, int stride) {
    ShapeException.require(
        k > 0 && stride > 0, "averagePool", "window %d and stride %d must be positive", k, stride);
    ShapeException.require(in >= k, "averagePool", "window %d exceeds the axis, %d", k, in);
    Builder taps = new Builder("averagePool", in, (in - k) / stride + 1, k);
    for (int j = 0; j < taps.out; j++) {
      for (int i = 0; i < k; i++) {
        taps.add(j * stride + i, 1.0 / k);
      }
      taps.next();
    }
    return taps.build();
  }

  /** Means of what lies within k / 2 of each position. */
  static ResampleTable averageAround(int in, int k) {
    ShapeException.require(
        k > 0 && k % 2 == 1, "averageAround", "window %d must be positive and odd", k);
    Builder taps = new Builder("averageAround", in, in, Math.min(in, k));
    for (int j = 0; j < in; j++) {
      int from = Math.max(0, j - k / 2);
      int to = Math.min(in - 1, j + k / 2);
      for (int i = from; i <= to; i++) {
        taps.add(i, 1.0 / (to - from + 1));
      }
      taps.next();
    }
    return taps.build();
  }

  /**
   * {@code up - 1} zeros behind each input, {@code before} and {@code after} around them, a true
   * convolution with the filter, and every {@code down}-th of its outputs. Negative borders cut.
   */
  static ResampleTable upfirdn(int in, double[] filter, int up, int down, int before, int after) {
    int k = filter.length;
    int stuffed = Math.addExact(Math.multiplyExact(in, up), Math.addExact(before, after));
    ShapeException.require(
        k > 0 && up > 0 && down > 0 && stuffed >= k,
        "upfirdn",
        "%d taps, up %d, down %d, borders %d and %d on an axis of %d",
        k,
        up,
        down,
        before,
        after,
        in);
    Builder taps = new Builder("upfirdn", in, (stuffed - k) / down + 1, k);
    for (int j = 0; j < taps.out; j++) {
      for (int i = 0; i < k; i++) {
        int place = j * down - before + i;
        if (place >= 0 && place < in * up && place % up == 0) {
          taps.add(place / up, filter[k - 1 - i]);
        }
      }
      taps.next();
    }
    return taps.build();
  }

  private static final class Builder {
    private final int in;
    private final int out;
    private final int[] start;
    private final int[] source;
    private final double[] weight;
    private int row;
    private int taps;

    Builder(String name, int in, int out, int perOutput) {
      ShapeException.require(in > 0, name, "cannot resample an empty axis");
      ShapeException.require(out > 0, name, "wants a positive output size, got %d", out);
      this.in = in;
      this.out = out;
      this.start = new int[out + 1];
      this.source = new int[Math.multiplyExact(out, perOutput)];
      this.weight = new double[source.length];
    }

    /** One more tap of the current output; sources must come in ascending order. */
    void add(int position, double w) {
      int clamped = Math.max(0, Math.min(in - 1, position));
      if (taps > start[row] && source[taps - 1] == clamped) {
        weight[taps - 1] += w;
      } else if (w != 0) {
        source[taps] = clamped;
        weight[taps++] = w;
      }
    }

    void next() {
      start[++row] = taps;
    }

    ResampleTable build() {
      float[] rounded = new float[taps];
      for (int t = 0; t < taps; t++) {
        rounded[t] = (float) weight[t];
      }
      return new ResampleTable(in, out, start, Arrays.copyOf(source, taps), rounded);
    }
  }
}
