package nn.layer;

import engine.op.conv.Conv;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/** 3-D convolution (PyTorch: nn.Conv3d): weight [out, in/groups, kT, kH, kW], bias [out]. */
public final class Conv3d extends Convolution {
  private final Kernel3 kernel;

  /**
   * @param groups a divisor of both channel counts
   */
  public Conv3d(
      int in,
      int out,
      Kernel3 kernel,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    this(shape(in, out, kernel, groups), kernel, groups, weightInit, biasInit);
  }

  private Conv3d(
      Shape shape,
      Kernel3 kernel,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    super(shape, shape.dim(0), groups, weightInit, biasInit);
    this.kernel = kernel;
  }

  private static Shape shape(int in, int out, Kernel3 kernel, int groups) {
    perGroup(out, groups);
    return Shape.of(out, perGroup(in, groups), kernel.deep(), kernel.high(), kernel.wide());
  }

  /**
   * PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(in/groups kT kH kW).
   */
  public static Conv3d standard(int in, int out, Kernel3 kernel) {
    return standard(in, out, kernel, 1);
  }

  /** The same in groups. */
  public static Conv3d standard(int in, int out, Kernel3 kernel, int groups) {
    Initializer bound = standard(shape(in, out, kernel, groups));
    return new Conv3d(in, out, kernel, groups, bound, bound);
  }

  /** Without bias. */
  public static Conv3d withoutBias(
      int in, int out, Kernel3 kernel, int groups, Initializer weightInit) {
    return new Conv3d(shape(in, out, kernel, groups), kernel, groups, weightInit, null);
  }

  /**
   * [N, in, T, H, W] -> [N, out, T', H', W'], T' = (T + front + back - dilation (kT - 1) - 1) /
   * stride + 1; likewise H' and W'.
   *
   * @throws engine.tensor.ShapeException if x has other axes or channels, or is smaller than the
   *     kernel
   */
  public Tensor forward(Tensor x) {
    return Conv.conv3d(
        x, weight(), bias(), kernel.stride(), kernel.padding(), kernel.dilation(), groups);
  }
}
