package medsora.baseline.lvdm;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.OutputPadding3;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.ConvTranspose3d;
import nn.layer.Kernel3;

/**
 * A transposed 3-D convolution of kernel 4 with the border repeated outwards as {@link
 * ReplicatedConv3d} does, so that an axis of stride s becomes s times longer; k - 1 rows are cut
 * off each side.
 */
final class ReplicatedConvTranspose3d extends Module {
  private static final int KERNEL = 4;

  private final Stride3 stride;
  private final ConvTranspose3d conv;

  ReplicatedConvTranspose3d(int in, int out, Stride3 stride) {
    this.stride = stride;
    int cut = KERNEL - 1;
    Kernel3 kernel = Kernel3.of(KERNEL).stride(stride).padding(Padding3.both(cut, cut, cut));
    this.conv = child("convt", ConvTranspose3d.standard(in, out, kernel, OutputPadding3.NONE));
  }

  /** [b, in, T, H, W] -> [b, out, T s.t, H s.h, W s.w]. */
  Tensor forward(Tensor x) {
    return Tape.consume(ReplicatedConv3d.bordered(x, KERNEL, stride), conv::forward);
  }
}
