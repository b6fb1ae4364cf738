package medsora.metric.network;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.conv.Conv;
import engine.tensor.Tensor;
import nn.init.Init;
import nn.layer.BatchNorm;
import nn.layer.Conv3d;
import nn.layer.Kernel3;

/** Convolution with TensorFlow's padding, batch norm in evaluation, ReLU. */
final class I3dUnit extends FoldedUnit {
  /**
   * Places of a frame from which on Winograd's form is taken (measured: 1.4 to 2 times as fast as
   * the direct form at 14x14, 2 at 28x28 and 56x56). At 7x7 it is the faster too, but there its
   * weights would take 60 MB more, for 3 % of the work.
   */
  private static final int PLACES = 100;

  private final Window3 kernel;
  private final Stride3 stride;
  private final boolean winograd;
  private final Conv3d convolution;
  private final BatchNorm norm;

  I3dUnit(int in, int out, int side, int step, double eps) {
    this.kernel = new Window3(side, side, side);
    this.stride = new Stride3(step, step, step);
    this.winograd = side == 3 && step == 1;
    this.convolution =
        child(
            "conv3d",
            Conv3d.withoutBias(in, out, Kernel3.of(side).stride(stride), 1, Init.fanInUniform()));
    this.norm = child("bn", new BatchNorm(out, eps));
  }

  @Override
  BatchNorm.Folded fold() {
    return norm.fold(convolution.weight());
  }

  /** [N,in,T,H,W] -> [N,out,T',H',W'], each extent over the step, rounded up. */
  Tensor forward(Tensor x) {
    BatchNorm.Folded f = folded();
    Padding3 padding = SamePadding.of(x.shape(), kernel, stride);
    return winograd && x.dim(3) * x.dim(4) >= PLACES
        ? Conv.winogradConv3d(x, f.weight(), f.bias(), padding, true)
        : Conv.conv3d(x, f.weight(), f.bias(), stride, padding, 1, true);
  }
}
