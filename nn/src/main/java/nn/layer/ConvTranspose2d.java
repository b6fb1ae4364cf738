package nn.layer;

import engine.op.conv.Conv;
import engine.op.conv.OutputPadding2;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * Transposed 2-D convolution (PyTorch: nn.ConvTranspose2d): weight [in, out/groups, kH, kW], bias
 * [out]. The padding of its kernel is cut off the result.
 */
public final class ConvTranspose2d extends Convolution {
  private final Kernel2 kernel;
  private final OutputPadding2 outputPadding;

  /**
   * @param outputPadding rows added at the end of each axis, below its stride or dilation
   * @param groups a divisor of both channel counts
   */
  public ConvTranspose2d(
      int in,
      int out,
      Kernel2 kernel,
      OutputPadding2 outputPadding,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    this(shape(in, out, kernel, groups), kernel, outputPadding, groups, weightInit, biasInit);
  }

  private ConvTranspose2d(
      Shape shape,
      Kernel2 kernel,
      OutputPadding2 outputPadding,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    super(shape, shape.dim(1) * groups, groups, weightInit, biasInit);
    this.kernel = kernel;
    this.outputPadding = outputPadding;
  }

  private static Shape shape(int in, int out, Kernel2 kernel, int groups) {
    perGroup(in, groups);
    return Shape.of(in, perGroup(out, groups), kernel.high(), kernel.wide());
  }

  /**
   * PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(out/groups kH kW).
   */
  public static ConvTranspose2d standard(
      int in, int out, Kernel2 kernel, OutputPadding2 outputPadding) {
    return standard(in, out, kernel, outputPadding, 1);
  }

  /** The same in groups. */
  public static ConvTranspose2d standard(
      int in, int out, Kernel2 kernel, OutputPadding2 outputPadding, int groups) {
    Initializer bound = standard(shape(in, out, kernel, groups));
    return new ConvTranspose2d(in, out, kernel, outputPadding, groups, bound, bound);
  }

  /** Without bias. */
  public static ConvTranspose2d withoutBias(
      int in,
      int out,
      Kernel2 kernel,
      OutputPadding2 outputPadding,
      int groups,
      Initializer weightInit) {
    return new ConvTranspose2d(
        shape(in, out, kernel, groups), kernel, outputPadding, groups, weightInit, null);
  }

  /**
   * [N, in, H, W] -> [N, out, H', W'], H' = (H - 1) stride - top - bottom + dilation (kH - 1) + 1 +
   * outputPadding; likewise W'.
   *
   * @throws engine.tensor.ShapeException if x has other axes or channels, or the padding leaves
   *     nothing
   */
  public Tensor forward(Tensor x) {
    return Conv.convTranspose2d(
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
