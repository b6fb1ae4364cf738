package medsora.metric.resample;

import engine.autodiff.Tape;
import engine.kernel.ResampleTable;
import engine.op.resample.Resample;
import engine.op.resample.ResampleAxis;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The four bilinear resizings of the metric programs. They differ by up to several grey levels on
 * the same picture, so a metric is tied to one of them. All take the last two axes, [...,H,W] to
 * [...,h,w], in floating point.
 */
public final class Bilinear {
  private Bilinear() {}

  /**
   * PyTorch's (interpolate, align_corners=False), [...,H,W] to [...,h,w]: output i reads at (i +
   * 0.5) in/out - 0.5, at least 0; shrinking skips pixels.
   */
  public static Tensor torch(Tensor x, int h, int w) {
    return Resample.bilinear2d(x, h, w, false);
  }

  /**
   * PyTorch's and TensorFlow's with aligned corners, [...,H,W] to [...,h,w]: i (in - 1)/(out - 1).
   */
  public static Tensor corners(Tensor x, int h, int w) {
    return Resample.bilinear2d(x, h, w, true);
  }

  /**
   * TensorFlow 1's default (resize_bilinear, half_pixel_centers=False), [...,H,W] to [...,h,w]: i
   * in/out, which moves the picture by up to half a pixel; shrinking skips pixels.
   */
  public static Tensor tensorFlow1(Tensor x, int h, int w) {
    return map("tensorFlow1Bilinear", x, legacy(x.dim(-1), w), legacy(x.dim(-2), h));
  }

  /**
   * PyTorch's with antialias=True, [...,H,W] to [...,h,w]: Pillow's weights, nothing rounded to
   * bytes.
   */
  public static Tensor antialiased(Tensor x, int h, int w) {
    return map(
        "antialiasedBilinear",
        x,
        FilterTaps.of(extent(x, -1), positive(w), Filter.BILINEAR).table(),
        FilterTaps.of(extent(x, -2), positive(h), Filter.BILINEAR).table());
  }

  private static Tensor map(String name, Tensor x, ResampleTable columns, ResampleTable rows) {
    int rank = x.shape().rank();
    Tensor wide = Tape.apply(new ResampleAxis(name, rank - 1, columns), x);
    return Tape.apply(new ResampleAxis(name, rank - 2, rows), wide);
  }

  private static ResampleTable legacy(int in, int out) {
    int[] start = new int[positive(out) + 1];
    int[] source = new int[2 * out];
    float[] weight = new float[2 * out];
    int taps = 0;
    for (int i = 0; i < out; i++) {
      // Whole numbers, so that positions on the grid are exact.
      long at = (long) i * in;
      int left = (int) (at / out);
      double right = (double) (at % out) / out;
      boolean two = right > 0 && left + 1 < in;
      source[taps] = left;
      weight[taps++] = two ? (float) (1 - right) : 1f;
      if (two) {
        source[taps] = left + 1;
        weight[taps++] = (float) right;
      }
      start[i + 1] = taps;
    }
    return new ResampleTable(
        in, out, start, Arrays.copyOf(source, taps), Arrays.copyOf(weight, taps));
  }

  private static int extent(Tensor x, int axis) {
    int in = x.dim(axis);
    ShapeException.require(in > 0, "bilinear", "axis %d of x=%s is empty", axis, x.shape());
    return in;
  }

  private static int positive(int out) {
    ShapeException.require(out > 0, "bilinear", "wants a positive output size, got %d", out);
    return out;
  }
}
