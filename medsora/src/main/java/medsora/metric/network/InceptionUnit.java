package medsora.metric.network;

import engine.op.conv.Conv;
import engine.op.conv.Stride2;
import engine.tensor.Tensor;
import nn.init.Init;
import nn.layer.BatchNorm;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/** Convolution, batch norm in evaluation, ReLU. */
final class InceptionUnit extends FoldedUnit {
  private static final double EPS = 1e-3;

  /**
   * Places of a picture from which on Winograd's form is the faster (measured: 1.6 to 2 times as
   * fast from 35x35 on; at 8x8, where a picture has 4 tiles, it takes twice as long).
   */
  private static final int PLACES = 1024;

  /** Input channels below which it is not. */
  private static final int CHANNELS = 32;

  private final Kernel2 kernel;
  private final boolean winograd;
  private final Conv2d convolution;
  private final BatchNorm norm;

  InceptionUnit(int in, int out, Kernel2 kernel) {
    this.kernel = kernel;
    this.winograd =
        in >= CHANNELS
            && kernel.high() == 3
            && kernel.wide() == 3
            && kernel.stride().equals(Stride2.ONE);
    this.convolution = child("conv", Conv2d.withoutBias(in, out, kernel, 1, Init.fanInUniform()));
    this.norm = child("bn", new BatchNorm(out, EPS));
  }

  @Override
  BatchNorm.Folded fold() {
    return norm.fold(convolution.weight());
  }

  /** [N,in,H,W] -> [N,out,H',W']. */
  Tensor forward(Tensor x) {
    BatchNorm.Folded f = folded();
    return winograd && x.dim(2) * x.dim(3) >= PLACES
        ? Conv.winogradConv2d(x, f.weight(), f.bias(), kernel.padding(), true)
        : Conv.conv2dRelu(x, f.weight(), f.bias(), kernel.stride(), kernel.padding());
  }

  int out() {
    return convolution.weight().dim(0);
  }
}
