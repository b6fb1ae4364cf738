package nn.layer;

import engine.op.conv.Conv;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/** 1-D convolution (PyTorch: nn.Conv1d): weight [out, in/groups, K], bias [out]. */
public final class Conv1d extends Convolution {
  private final Kernel1 kernel;

  /**
   * @param groups a divisor of both channel counts
   */
  public Conv1d(
      int in,
      int out,
      Kernel1 kernel,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    this(shape(in, out, kernel, groups), kernel, groups, weightInit, biasInit);
  }

  private Conv1d(
      Shape shape,
      Kernel1 kernel,
      int groups,
      Initializer weightInit,
      @Nullable Initializer biasInit) {
    super(shape, shape.dim(0), groups, weightInit, biasInit);
    this.kernel = kernel;
  }

  private static Shape shape(int in, int out, Kernel1 kernel, int groups) {
    perGroup(out, groups);
    return Shape.of(out, perGroup(in, groups), kernel.taps());
  }

  /** PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(in/groups K). */
  public static Conv1d standard(int in, int out, Kernel1 kernel) {
    return standard(in, out, kernel, 1);
  }

  /** The same in groups. */
  public static Conv1d standard(int in, int out, Kernel1 kernel, int groups) {
    Initializer bound = standard(shape(in, out, kernel, groups));
    return new Conv1d(in, out, kernel, groups, bound, bound);
  }

  /** Without bias. */
  public static Conv1d withoutBias(
      int in, int out, Kernel1 kernel, int groups, Initializer weightInit) {
    return new Conv1d(shape(in, out, kernel, groups), kernel, groups, weightInit, null);
  }

  /**
   * [N, in, L] -> [N, out, L'], L' = (L + before + after - dilation (K - 1) - 1) / stride + 1.
   *
   * @throws ShapeException if x has other axes or channels, or is shorter than the kernel
   */
  public Tensor forward(Tensor x) {
    Shape s = x.shape();
    ShapeException.require(s.rank() == 3, "conv1d", "wants x [N,C,L], got %s", s);
    Tensor w = weight();
    Kernel3 k = kernel.inVolume();
    Tensor y =
        Conv.conv3d(
            Layout.reshape(x, s.dim(0), s.dim(1), 1, 1, s.dim(2)),
            Layout.reshape(w, w.dim(0), w.dim(1), 1, 1, w.dim(2)),
            bias(),
            k.stride(),
            k.padding(),
            k.dilation(),
            groups);
    return Layout.reshape(y, y.dim(0), y.dim(1), y.dim(4));
  }
}
