package nn.layer;

import engine.op.conv.Conv;
import engine.op.conv.OutputPadding3;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * Transposed 3-D convolution (PyTorch: nn.ConvTranspose3d): weight [in, out/groups, kT, kH, kW],
 * bias [out]. The padding of its kernel is cut off the result.
 */
public final class ConvTranspose3d extends Convolution {
  private final Kernel3 kernel;
  private final OutputPadding3 outputPadding;

  /**
   * @param outputPadding rows added at the end of each axis, below its stride or dilation
   * @param groups a divisor of both channel counts
   */
  public ConvTranspose3d(
      int in,
      int out,
      Kernel3 kernel,
      OutputPadding3 outputPadding,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    this(shape(in, out, kernel, groups), kernel, outputPadding, groups, weightInit, biasInit);
  }

  private ConvTranspose3d(
      Shape shape,
      Kernel3 kernel,
      OutputPadding3 outputPadding,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    super(shape, shape.dim(1) * groups, groups, weightInit, biasInit);
    this.kernel = kernel;
    this.outputPadding = outputPadding;
  }

  private static Shape shape(int in, int out, Kernel3 kernel, int groups) {
    perGroup(in, groups);
    return Shape.of(in, perGroup(out, groups), kernel.deep(), kernel.high(), kernel.wide());
  }

  /**
   * PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(out/groups kT kH kW).
   */
  public static ConvTranspose3d standard(
      int in, int out, Kernel3 kernel, OutputPadding3 outputPadding) {
    return standard(in, out, kernel, outputPadding, 1);
  }

  /** The same in groups. */
  public static ConvTranspose3d standard(
      int in, int out, Kernel3 kernel, OutputPadding3 outputPadding, int groups) {
    Initializer bound = standard(shape(in, out, kernel, groups));
    return new ConvTranspose3d(in, out, kernel, outputPadding, groups, bound, bound);
  }

  /** Without bias. */
  public static ConvTranspose3d withoutBias(
      int in,
      int out,
      Kernel3 kernel,
      OutputPadding3 outputPadding,
      int groups,
      Initializer weightInit) {
    return new ConvTranspose3d(
        shape(in, out, kernel, groups), kernel, outputPadding, groups, weightInit, null);
  }

  /**
   * [N, in, T, H, W] -> [N, out, T', H', W'], T' = (T - 1) stride - front - back + dilation (kT -
   * 1) + 1 + outputPadding; likewise H' and W'.
   *
   * @throws engine.tensor.ShapeException if x has other axes or channels, or the padding leaves
   *     nothing
   */
  public Tensor forward(Tensor x) {
    return Conv.convTranspose3d(
        x,
        weight(),
        bias(),
        kernel.stride(),
        kernel.padding(),
        outputPadding,
        kernel.dilation(),
        groups);
  }
}
