package engine.op.conv;

import engine.autodiff.Op;
import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

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
      Tensor x, Tensor weight, Tensor bias, Stride3 stride, Padding3 padding, int groups) {
    Op op =
        WinogradConv3d.pays(x.shape(), weight.shape(), stride, padding, groups)
            ? new WinogradConv3d(padding)
            : new Conv3d(stride, padding, groups);
    return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
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
      Tensor x, Tensor weight, Tensor bias, Stride2 stride, Padding2 padding, int groups) {
    ShapeException.require(
        x.shape().rank() == 4 && weight.shape().rank() == 4,
        "conv2d",
        "wants x [N,Ci,H,W] and weight [Co,Ci/groups,kH,kW]: x=%s weight=%s",
        x.shape(),
        weight.shape());
    Tensor y =
        conv3d(oneFrame(x), oneFrame(weight), bias, stride.inVolume(), padding.inVolume(), groups);
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
  public static Tensor upsampleConv(Tensor x, Tensor weight, Tensor bias) {
    UpsampleConv op = new UpsampleConv();
    return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
  }

  private static Tensor oneFrame(Tensor x) {
    Shape s = x.shape();
    return Layout.reshape(x, s.dim(0), s.dim(1), 1, s.dim(2), s.dim(3));
  }
}
