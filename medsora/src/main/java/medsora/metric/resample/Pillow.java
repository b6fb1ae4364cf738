package medsora.metric.resample;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Pillow's resize, which widens its filter when it shrinks ({@link FilterTaps}): columns first,
 * then rows; an axis whose extent stays is left alone. Bytes are those of Pillow, bit for bit.
 */
public final class Pillow {
  /** Weights of bytes are whole numbers of this many bits behind the point. */
  private static final int BITS = 22;

  private static final int BYTE = 255;

  private Pillow() {}

  /**
   * Pictures of bytes (modes L and RGB). Weights become integers, half away from 0; each of the two
   * passes adds half, shifts, holds the result within 0..255 and stores bytes.
   *
   * @param x [...,H,W] of whole numbers 0..255
   * @return [...,h,w] of whole numbers 0..255
   * @throws IllegalArgumentException for any other number
   */
  public static Tensor bytes(Tensor x, int h, int w, Filter filter) {
    return of(x, h, w, filter, new Bytes());
  }

  /**
   * Pictures of numbers (mode F): sums in double, float32 after each pass, not held within any
   * range.
   *
   * @param x [...,H,W]
   * @return [...,h,w]
   */
  public static Tensor floats(Tensor x, int h, int w, Filter filter) {
    return of(x, h, w, filter, new Floats());
  }

  private static Tensor of(Tensor x, int h, int w, Filter filter, Pass pass) {
    Shape shape = x.shape();
    int rank = shape.rank();
    ShapeException.require(
        rank >= 2 && shape.size() > 0 && h > 0 && w > 0,
        "pillow",
        "wants pictures [...,H,W] and a positive size, got x=%s to %d x %d",
        shape,
        h,
        w);
    int planes = shape.size(0, rank - 2);
    int high = x.dim(-2);
    float[] values = x.toArray();
    pass.check(values);
    if (w != x.dim(-1)) {
      FilterTaps taps = FilterTaps.of(x.dim(-1), w, filter);
      values = pass.run(new Axis(planes * high, 1), taps, values);
    }
    if (h != high) {
      values = pass.run(new Axis(planes, w), FilterTaps.of(high, h, filter), values);
    }
    return Tensor.of(shape.with(rank - 2, h).with(rank - 1, w), values);
  }

  /** What stands before and behind the axis that is mapped. */
  private record Axis(int outer, int inner) {}

  private abstract static class Pass {
    /** Refuses what the pass is not made for. */
    abstract void check(float[] x);

    /** One output: the sum over taps of weights and the inputs {@code stride} apart. */
    abstract float sum(float[] x, int at, int stride, int output);

    abstract void prepare(FilterTaps taps);

    final float[] run(Axis axis, FilterTaps taps, float[] x) {
      prepare(taps);
      int inner = axis.inner();
      float[] y = new float[Math.multiplyExact(axis.outer() * taps.out(), inner)];
      for (int o = 0; o < axis.outer(); o++) {
        for (int j = 0; j < taps.out(); j++) {
          int at = (o * taps.in() + taps.first()[j]) * inner;
          int to = (o * taps.out() + j) * inner;
          for (int i = 0; i < inner; i++) {
            y[to + i] = sum(x, at + i, inner, j);
          }
        }
      }
      return y;
    }
  }

  private static final class Bytes extends Pass {
    private int[][] weights = new int[0][];

    @Override
    void check(float[] x) {
      for (int i = 0; i < x.length; i++) {
        if (!(x[i] >= 0 && x[i] <= BYTE && x[i] == (int) x[i])) {
          throw new IllegalArgumentException(
              "[pillow] wants bytes, whole numbers 0..255; element " + i + " is " + x[i]);
        }
      }
    }

    @Override
    void prepare(FilterTaps taps) {
      weights = Arrays.stream(taps.weights()).map(Bytes::rounded).toArray(int[][]::new);
    }

    private static int[] rounded(double[] w) {
      int[] out = new int[w.length];
      for (int i = 0; i < w.length; i++) {
        out[i] = (int) (w[i] * (1 << BITS) + (w[i] < 0 ? -0.5 : 0.5));
      }
      return out;
    }

    @Override
    float sum(float[] x, int at, int stride, int output) {
      int sum = 1 << (BITS - 1);
      int place = at;
      for (int w : weights[output]) {
        sum += (int) x[place] * w;
        place += stride;
      }
      return Math.clamp(sum >> BITS, 0, BYTE);
    }
  }

  private static final class Floats extends Pass {
    private double[][] weights = new double[0][];

    @Override
    void check(float[] x) {}

    @Override
    void prepare(FilterTaps taps) {
      weights = taps.weights();
    }

    @Override
    float sum(float[] x, int at, int stride, int output) {
      double sum = 0;
      int place = at;
      for (double w : weights[output]) {
        sum += x[place] * w;
        place += stride;
      }
      return (float) sum;
    }
  }
}
