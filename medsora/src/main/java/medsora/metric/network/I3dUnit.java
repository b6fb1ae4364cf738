package medsora.metric.network;

import static engine.op.elementwise.Elementwise.relu;

import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.conv.Conv;
import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.BatchNorm;
import nn.layer.Conv3d;
import nn.layer.Kernel3;

/** Convolution with TensorFlow's padding, batch norm in evaluation, ReLU. */
final class I3dUnit extends Module {
  private final Window3 kernel;
  private final Stride3 stride;
  private final Conv3d convolution;
  private final BatchNorm norm;

  I3dUnit(int in, int out, int side, int step, double eps) {
    this.kernel = new Window3(side, side, side);
    this.stride = new Stride3(step, step, step);
    this.convolution =
        child(
            "conv3d",
            Conv3d.withoutBias(in, out, Kernel3.of(side).stride(stride), 1, Init.fanInUniform()));
    this.norm = child("bn", new BatchNorm(out, eps));
  }

  /** [N,in,T,H,W] -> [N,out,T',H',W'], each extent over the step, rounded up. */
  Tensor forward(Tensor x) {
    BatchNorm.Folded f = norm.fold(convolution.weight());
    return relu(
        Conv.conv3d(x, f.weight(), f.bias(), stride, SamePadding.of(x.shape(), kernel, stride), 1));
  }
}
