package engine.op.conv;

import engine.autodiff.Op;
import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Convolutions, for static import. */
public final class Conv {
  private Conv() {}

  /**
   * 3-D convolution, see {@link Conv3d}; where its shapes make {@link WinogradConv3d} pay, that.
   *
   * @param x [N,Ci,T,H,W]
   * @param weight [Co,Ci/groups,kT,kH,kW]
   * @param bias [Co], or null for none
   * @return [N,Co,T',H',W']
   */
  public static Tensor conv3d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Stride3 stride,
      Padding3 padding,
      int groups) {
    return conv3d(x, weight, bias, stride, padding, groups, false);
  }

  /**
   * The same with ReLU behind it, if wanted, in one pass over the result.
   *
   * @param x [N,Ci,T,H,W]
   * @param weight [Co,Ci/groups,kT,kH,kW]
   * @param bias [Co], or null for none
   * @param relu whether each value v becomes 0 where v &lt;= 0
   * @return [N,Co,T',H',W']
   */
  public static Tensor conv3d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Stride3 stride,
      Padding3 padding,
      int groups,
      boolean relu) {
    Op op =
        WinogradConv3d.pays(x.shape(), weight.shape(), stride, padding, groups)
            ? new WinogradConv3d(padding, relu)
            : new Conv3d(stride, padding, groups, relu);
    return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
  }

  /**
   * The convolution of stride 1 in Winograd's form, whatever its shapes, see {@link
   * WinogradConv3d}: for a network that knows that its layers gain by it.
   *
   * @param x [N,Ci,T,H,W]
   * @param weight [Co,Ci,kT,3,3]
   * @param bias [Co], or null for none
   * @param padding at most kT - 1 in front, 2 above and 2 to the left
   * @param relu whether ReLU comes last
   * @return [N,Co,T',H',W']
   */
  public static Tensor winogradConv3d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Padding3 padding, boolean relu) {
    Op op = new WinogradConv3d(padding, relu);
    return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
  }

  /**
   * {@link #conv3d(Tensor, Tensor, Tensor, Stride3, Padding3, int)} whose taps stand apart: tap
   * (kt,kh,kw) meets the input at distance (kt,kh,kw) * dilation from the window's first. See
   * {@link DilatedConv} for how.
   *
   * @param x [N,Ci,T,H,W]
   * @param weight [Co,Ci/groups,kT,kH,kW]
   * @param bias [Co], or null for none
   * @return [N,Co,T',H',W'], T' = (T + front + back - dilation.t * (kT - 1) - 1) / stride.t + 1,
   *     rounded down; likewise H' and W'
   */
  public static Tensor conv3d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Stride3 stride,
      Padding3 padding,
      Dilation3 dilation,
      int groups) {
    if (dilation.equals(Dilation3.ONE)) {
      return conv3d(x, weight, bias, stride, padding, groups);
    }
    volumes("conv3d", x, weight);
    DilatedConv conv = new DilatedConv(stride, padding, OutputPadding3.NONE, dilation, groups);
    return Tape.scoped(() -> conv.forward(x, weight, bias));
  }

  /**
   * Transposed 3-D convolution, see {@link ConvTranspose3d}.
   *
   * @param x [N,Ci,T,H,W]
   * @param weight [Ci,Co/groups,kT,kH,kW]
   * @param bias [Co], or null for none
   * @param outputPadding on each axis below the stride or the dilation
   * @return [N,Co,T',H',W'], T' = (T - 1) * stride.t - front - back + dilation.t * (kT - 1) + 1 +
   *     outputPadding.t; likewise H' and W'
   */
  public static Tensor convTranspose3d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Stride3 stride,
      Padding3 padding,
      OutputPadding3 outputPadding,
      Dilation3 dilation,
      int groups) {
    if (dilation.equals(Dilation3.ONE)) {
      ConvTranspose3d op = new ConvTranspose3d(stride, padding, outputPadding, groups);
      return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
    }
    volumes("convTranspose3d", x, weight);
    DilatedConv conv = new DilatedConv(stride, padding, outputPadding, dilation, groups);
    return Tape.scoped(() -> conv.transposed(x, weight, bias));
  }

  private static void volumes(String op, Tensor x, Tensor weight) {
    ShapeException.require(
        x.shape().rank() == 5 && weight.shape().rank() == 5,
        op,
        "wants x [N,Ci,T,H,W] and a weight of 5 axes: x=%s weight=%s",
        x.shape(),
        weight.shape());
  }

  /**
   * 2-D convolution: {@link #conv3d} of one frame, without copying (PyTorch: conv2d).
   *
   * @param x [N,Ci,H,W]
   * @param weight [Co,Ci/groups,kH,kW]
   * @param bias [Co], or null for none
   * @return [N,Co,H',W']
   */
  public static Tensor conv2d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Stride2 stride,
      Padding2 padding,
      int groups) {
    return conv2d(x, weight, bias, stride, padding, Dilation2.ONE, groups);
  }

  /**
   * {@link #winogradConv3d} of one frame, without copying.
   *
   * @param x [N,Ci,H,W]
   * @param weight [Co,Ci,3,3]
   * @param bias [Co], or null for none
   * @param relu whether ReLU comes last
   * @return [N,Co,H',W']
   */
  public static Tensor winogradConv2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, Padding2 padding, boolean relu) {
    images("winogradConv2d", "weight [Co,Ci,3,3]", x, weight);
    return image(winogradConv3d(oneFrame(x), oneFrame(weight), bias, padding.inVolume(), relu));
  }

  /**
   * {@link #conv2d(Tensor, Tensor, Tensor, Stride2, Padding2, int)} with ReLU behind it, in one
   * pass over the result.
   *
   * @param x [N,Ci,H,W]
   * @param weight [Co,Ci,kH,kW]
   * @param bias [Co], or null for none
   * @return [N,Co,H',W']
   */
  public static Tensor conv2dRelu(
      Tensor x, Tensor weight, @Nullable Tensor bias, Stride2 stride, Padding2 padding) {
    images("conv2d", "weight [Co,Ci,kH,kW]", x, weight);
    return image(
        conv3d(
            oneFrame(x), oneFrame(weight), bias, stride.inVolume(), padding.inVolume(), 1, true));
  }

  /**
   * The same with taps that stand apart.
   *
   * @param x [N,Ci,H,W]
   * @param weight [Co,Ci/groups,kH,kW]
   * @param bias [Co], or null for none
   * @return [N,Co,H',W'], H' = (H + top + bottom - dilation.h * (kH - 1) - 1) / stride.h + 1,
   *     rounded down; likewise W'
   */
  public static Tensor conv2d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Stride2 stride,
      Padding2 padding,
      Dilation2 dilation,
      int groups) {
    images("conv2d", "weight [Co,Ci/groups,kH,kW]", x, weight);
    Tensor y =
        conv3d(
            oneFrame(x),
            oneFrame(weight),
            bias,
            stride.inVolume(),
            padding.inVolume(),
            dilation.inVolume(),
            groups);
    return image(y);
  }

  /**
   * Transposed 2-D convolution: {@link #convTranspose3d} of one frame, without copying (PyTorch:
   * conv_transpose2d).
   *
   * @param x [N,Ci,H,W]
   * @param weight [Ci,Co/groups,kH,kW]
   * @param bias [Co], or null for none
   * @param outputPadding on each axis below the stride or the dilation
   * @return [N,Co,H',W']
   */
  public static Tensor convTranspose2d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      Stride2 stride,
      Padding2 padding,
      OutputPadding2 outputPadding,
      Dilation2 dilation,
      int groups) {
    images("convTranspose2d", "weight [Ci,Co/groups,kH,kW]", x, weight);
    Tensor y =
        convTranspose3d(
            oneFrame(x),
            oneFrame(weight),
            bias,
            stride.inVolume(),
            padding.inVolume(),
            outputPadding.inVolume(),
            dilation.inVolume(),
            groups);
    return image(y);
  }

  private static void images(String op, String wanted, Tensor x, Tensor weight) {
    ShapeException.require(
        x.shape().rank() == 4 && weight.shape().rank() == 4,
        op,
        "wants x [N,Ci,H,W] and %s: x=%s weight=%s",
        wanted,
        x.shape(),
        weight.shape());
  }

  private static Tensor image(Tensor y) {
    Shape s = y.shape();
    return Layout.reshape(y, s.dim(0), s.dim(1), s.dim(3), s.dim(4));
  }

  /**
   * Height and width doubled by nearest neighbours, then a 3x3 convolution, see {@link
   * UpsampleConv}.
   *
   * @param x [N,Ci,T,H,W]
   * @param weight [Co,Ci,3,3]
   * @param bias [Co], or null for none
   * @return [N,Co,T,2H,2W]
   */
  public static Tensor upsampleConv(Tensor x, Tensor weight, @Nullable Tensor bias) {
    UpsampleConv op = new UpsampleConv();
    return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
  }

  private static Tensor oneFrame(Tensor x) {
    Shape s = x.shape();
    return Layout.reshape(x, s.dim(0), s.dim(1), 1, s.dim(2), s.dim(3));
  }
}
