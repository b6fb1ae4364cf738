package medsora.baseline.lvdm;

import static engine.op.layout.Layout.replicate;

import engine.autodiff.Tape;
import engine.kernel.Stride3;
import engine.tensor.Tensor;
import java.util.Objects;
import java.util.function.UnaryOperator;
import nn.Module;
import nn.layer.Conv3d;
import nn.layer.Kernel3;

/**
 * A 3-D convolution with the border repeated outwards so that an axis of stride s becomes s times
 * shorter: k - s rows in all, the larger half before. The released code lists its weight twice.
 */
final class ReplicatedConv3d extends Module {
  private static final int[] AXES = {2, 3, 4};

  private final int kernel;
  private final Stride3 stride;
  private final Conv3d conv;

  ReplicatedConv3d(int in, int out, int kernel, Stride3 stride) {
    this.kernel = kernel;
    this.stride = stride;
    this.conv = child("conv", Conv3d.standard(in, out, Kernel3.of(kernel).stride(stride)));
    alias("weight", Objects.requireNonNull(conv.parameters().get("weight")));
  }

  ReplicatedConv3d(int in, int out, int kernel) {
    this(in, out, kernel, Stride3.ONE);
  }

  /** [b, in, T, H, W] -> [b, out, T / s.t, H / s.h, W / s.w]. */
  Tensor forward(Tensor x) {
    return kernel == 1 ? conv.forward(x) : Tape.consume(bordered(x, kernel, stride), conv::forward);
  }

  /** x with its border repeated outwards by k - s > 0 rows an axis, the larger half before. */
  static Tensor bordered(Tensor x, int kernel, Stride3 stride) {
    int[] steps = {stride.t(), stride.h(), stride.w()};
    Tensor padded = x;
    for (int i = 0; i < AXES.length; i++) {
      int axis = AXES[i];
      int rows = kernel - steps[i];
      UnaryOperator<Tensor> border = t -> replicate(t, axis, rows - (rows / 2), rows / 2);
      padded = padded == x ? border.apply(x) : Tape.consume(padded, border);
    }
    return padded;
  }
}
