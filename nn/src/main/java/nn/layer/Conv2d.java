package nn.layer;

import engine.op.conv.Conv;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/** 2-D convolution (PyTorch: nn.Conv2d): weight [out, in/groups, kH, kW], bias [out]. */
public final class Conv2d extends Convolution {
  private final Kernel2 kernel;

  /**
   * @param groups a divisor of both channel counts
   */
  public Conv2d(
      int in,
      int out,
      Kernel2 kernel,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    this(shape(in, out, kernel, groups), kernel, groups, weightInit, biasInit);
  }

  private Conv2d(
      Shape shape,
      Kernel2 kernel,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    super(shape, shape.dim(0), groups, weightInit, biasInit);
    this.kernel = kernel;
  }

  private static Shape shape(int in, int out, Kernel2 kernel, int groups) {
    perGroup(out, groups);
    return Shape.of(out, perGroup(in, groups), kernel.high(), kernel.wide());
  }

  /** PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(in/groups kH kW). */
  public static Conv2d standard(int in, int out, Kernel2 kernel) {
    return standard(in, out, kernel, 1);
  }

  /** The same in groups. */
  public static Conv2d standard(int in, int out, Kernel2 kernel, int groups) {
    Initializer bound = standard(shape(in, out, kernel, groups));
    return new Conv2d(in, out, kernel, groups, bound, bound);
  }

  /** Without bias. */
  public static Conv2d withoutBias(
      int in, int out, Kernel2 kernel, int groups, Initializer weightInit) {
    return new Conv2d(shape(in, out, kernel, groups), kernel, groups, weightInit, null);
  }

  /** Kernel and stride equal: each patch on its own. */
  public static Conv2d patches(
      int in, int out, int patch, Initializer weightInit, @Nullable Initializer biasInit) {
    return new Conv2d(in, out, Kernel2.of(patch).stride(patch), 1, weightInit, biasInit);
  }

  /**
   * [N, in, H, W] -> [N, out, H', W'], H' = (H + top + bottom - dilation (kH - 1) - 1) / stride +
   * 1; likewise W'.
   *
   * @throws engine.tensor.ShapeException if x has other axes or channels, or is smaller than the
   *     kernel
   */
  public Tensor forward(Tensor x) {
    return Conv.conv2d(
        x, weight(), bias(), kernel.stride(), kernel.padding(), kernel.dilation(), groups);
  }

  /** Every frame by itself: [N, in, T, H, W] -> [N, out, T, H', W']. */
  public Tensor frames(Tensor x) {
    Tensor w = weight();
    Tensor ofOneFrame = Layout.reshape(w, w.dim(0), w.dim(1), 1, w.dim(2), w.dim(3));
    Kernel3 k = kernel.inVolume();
    return Conv.conv3d(x, ofOneFrame, bias(), k.stride(), k.padding(), k.dilation(), groups);
  }
}
