package engine.op.resample;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.ResampleTable;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.conv.Padding2;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/**
 * Resizing and pooling, one axis at a time, for static import. What works on one axis takes any
 * shape and changes the extent of this axis alone. The two-dimensional forms work on the last two
 * axes of a tensor [...,H,W] of any rank, width first. PyTorch: interpolate and avg_pool.
 *
 * <p>A {@code factor} is PyTorch's {@code scale_factor}: positions step by 1/factor whatever the
 * output size, which need not be {@code in * factor}.
 */
public final class Resample {
  private Resample() {}

  /**
   * Output i of an axis copies input {@code floor(i * in / out)}; x of any shape, the axis gets the
   * extent {@code outSize}.
   */
  public static Tensor nearest(Tensor x, int axis, int outSize) {
    int in = x.dim(axis);
    ShapeException.require(
        in > 0 && outSize > 0, "nearest", "axis %d of x=%s to size %d", axis, x.shape(), outSize);
    int[] index = new int[outSize];
    for (int i = 0; i < outSize; i++) {
      index[i] = (int) ((long) i * in / outSize);
    }
    return Layout.gather(x, axis, index);
  }

  /** Linear interpolation of an axis of x, of any shape, to {@code outSize}. */
  public static Tensor linear(Tensor x, int axis, int outSize, boolean alignCorners) {
    int in = x.dim(axis);
    Positions positions = Positions.fit(in, outSize, alignCorners);
    return apply("linear", x, axis, ResampleTables.linear(in, outSize, positions));
  }

  /**
   * Linear interpolation of an axis of x, of any shape, to {@code outSize} with an explicit factor,
   * corners not aligned.
   */
  public static Tensor linear(Tensor x, int axis, int outSize, double factor) {
    Positions positions = Positions.byFactor(factor);
    return apply("linear", x, axis, ResampleTables.linear(x.dim(axis), outSize, positions));
  }

  /** Bilinear interpolation of the last two axes: [...,H,W] to [...,outH,outW]. */
  public static Tensor bilinear2d(Tensor x, int outH, int outW, boolean alignCorners) {
    return linear(linear(x, -1, outW, alignCorners), -2, outH, alignCorners);
  }

  /**
   * Bilinear interpolation, [...,H,W] to [...,outH,outW], with explicit factors, corners not
   * aligned.
   */
  public static Tensor bilinear2d(Tensor x, int outH, int outW, double factorH, double factorW) {
    return linear(linear(x, -1, outW, factorW), -2, outH, factorH);
  }

  /** Cubic interpolation (a = -0.75) of an axis of x, of any shape, to {@code outSize}. */
  public static Tensor cubic(Tensor x, int axis, int outSize, boolean alignCorners) {
    int in = x.dim(axis);
    Positions positions = Positions.fit(in, outSize, alignCorners);
    return apply("bicubic", x, axis, ResampleTables.cubic(in, outSize, positions));
  }

  /**
   * Cubic interpolation of an axis of x, of any shape, to {@code outSize} with an explicit factor,
   * corners not aligned.
   */
  public static Tensor cubic(Tensor x, int axis, int outSize, double factor) {
    Positions positions = Positions.byFactor(factor);
    return apply("bicubic", x, axis, ResampleTables.cubic(x.dim(axis), outSize, positions));
  }

  /**
   * Bicubic interpolation of the last two axes, [...,H,W] to [...,outH,outW], corners not aligned,
   * no antialiasing.
   */
  public static Tensor bicubic2d(Tensor x, int outH, int outW) {
    return cubic(cubic(x, -1, outW, false), -2, outH, false);
  }

  /** Bicubic interpolation, [...,H,W] to [...,outH,outW], with explicit factors. */
  public static Tensor bicubic2d(Tensor x, int outH, int outW, double factorH, double factorW) {
    return cubic(cubic(x, -1, outW, factorW), -2, outH, factorH);
  }

  /**
   * Up-sampling by zeros, a filter and down-sampling along an axis of x, of any shape (Karras et
   * al.: upfirdn2d, one axis): {@code up - 1} zeros behind each element, {@code before} and {@code
   * after} zeros around them (negative ones cut), y_j = sum_i filter_i z_(j down + k - 1 - i) over
   * the k taps. Its extent n becomes (n up + before + after - k) / down + 1, rounded down. A
   * separable filter of a picture is two calls.
   *
   * @param filter at least one tap, computed with in double
   */
  public static Tensor upfirdn(
      Tensor x, int axis, double[] filter, int up, int down, int before, int after) {
    ResampleTable table = ResampleTables.upfirdn(x.dim(axis), filter, up, down, before, after);
    return apply("upfirdn", x, axis, table);
  }

  /**
   * Means of k neighbours along an axis of x, of any shape, whose extent n becomes n / k; a rest
   * shorter than k is dropped.
   */
  public static Tensor averagePool(Tensor x, int axis, int k) {
    return averagePool(x, axis, k, k);
  }

  /**
   * Means of windows of k along an axis of x, of any shape, one every {@code stride}: its extent n
   * becomes (n - k) / stride + 1.
   */
  public static Tensor averagePool(Tensor x, int axis, int k, int stride) {
    return apply("averagePool", x, axis, ResampleTables.average(x.dim(axis), k, stride));
  }

  /**
   * Means of kernel x kernel windows of the last two axes, without padding: [...,H,W] to
   * [...,H',W'] with H' = (H - kernel) / stride + 1, likewise W'.
   */
  public static Tensor avgPool2d(Tensor x, int kernel, int stride) {
    return averagePool(averagePool(x, -1, kernel, stride), -2, kernel, stride);
  }

  /**
   * Means of windows of k along an axis of x, of any shape, one for each position, which stands in
   * the middle; of what stands out over the rim nothing is counted (PyTorch: count_include_pad =
   * False).
   *
   * @param k odd
   */
  public static Tensor averageAround(Tensor x, int axis, int k) {
    return apply("averageAround", x, axis, ResampleTables.averageAround(x.dim(axis), k));
  }

  /**
   * The largest of kernel x kernel windows of the last two axes, without padding: [...,H,W] to
   * [...,H',W'] as {@link #avgPool2d} has them.
   */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride) {
    return maxPool2d(x, kernel, stride, Padding2.NONE);
  }

  /**
   * The same, [...,H,W] to [...,H',W'], where a last window may stand out over the rim, if it
   * begins inside (PyTorch: ceil_mode).
   */
  public static Tensor maxPool2dCeil(Tensor x, int kernel, int stride) {
    Padding2 over =
        new Padding2(0, over(x.dim(-2), kernel, stride), 0, over(x.dim(-1), kernel, stride));
    return maxPool2d(x, kernel, stride, over);
  }

  /** How far such a last window stands out. */
  private static int over(int extent, int kernel, int stride) {
    int next = (Math.max(0, extent - kernel) / stride + 1) * stride;
    boolean another = next - stride + kernel < extent && next < extent;
    return another ? next + kernel - extent : 0;
  }

  /**
   * The same, [...,H,W] to [...,H',W'], with windows that stand out by {@code padding}, which is
   * never the largest.
   *
   * @param padding below the kernel
   */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, Padding2 padding) {
    Shape s = x.shape();
    ShapeException.require(s.rank() >= 2, "maxPool2d", "wants x [...,H,W], got %s", s);
    int[] volume = {s.size(0, s.rank() - 2), 1, s.dim(-2), s.dim(-1)};
    Tensor y =
        maxPool3d(
            Layout.reshape(x, volume),
            new Window3(1, kernel, kernel),
            new Stride3(1, stride, stride),
            new Padding3(0, 0, padding.top(), padding.bottom(), padding.left(), padding.right()));
    int[] dims = s.dims();
    dims[s.rank() - 2] = y.dim(-2);
    dims[s.rank() - 1] = y.dim(-1);
    return Layout.reshape(y, dims);
  }

  /**
   * The largest of windows of the last three axes: [...,T,H,W] to [...,T',H',W'], see {@link
   * MaxPool3d}.
   */
  public static Tensor maxPool3d(Tensor x, Window3 kernel, Stride3 stride, Padding3 padding) {
    return Tape.apply(new MaxPool3d(kernel, stride, padding), x);
  }

  /**
   * Pictures read at places between their pixels, 0 outside; see {@link BilinearSample}.
   *
   * @param x [N,C,H,W]
   * @param places [N,P,2], each (column, row) in pixels
   * @return [N,C,P]
   */
  public static Tensor bilinearSample(Tensor x, Tensor places) {
    return Tape.apply(new BilinearSample(), x, places);
  }

  private static Tensor apply(String name, Tensor x, int axis, ResampleTable table) {
    return Tape.apply(new ResampleAxis(name, x.shape().axis(axis), table), x);
  }
}
