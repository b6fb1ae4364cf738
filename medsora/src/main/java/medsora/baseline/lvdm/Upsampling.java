package medsora.baseline.lvdm;

import static engine.op.layout.Layout.reshape;

import engine.op.conv.Conv;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv3d;

/** Height and width doubled by nearest neighbours, then a 1x3x3 convolution. */
final class Upsampling extends Module {
  private final Conv3d conv;

  Upsampling(int channels) {
    this.conv = child("conv", LvdmLayers.conv(channels, channels));
  }

  /** [b, C, T, H, W] -> [b, C, T, 2H, 2W]. */
  Tensor forward(Tensor x) {
    Tensor weight = conv.weight();
    return Conv.upsampleConv(x, reshape(weight, weight.dim(0), weight.dim(1), 3, 3), conv.bias());
  }
}
