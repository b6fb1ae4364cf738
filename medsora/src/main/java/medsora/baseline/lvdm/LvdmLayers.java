package medsora.baseline.lvdm;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import nn.init.Init;
import nn.layer.Conv3d;
import nn.layer.GroupNorm;
import nn.layer.Kernel3;

/** The layers of which the denoiser is made: all look at one frame. */
final class LvdmLayers {
  /** Groups of every norm. */
  static final int GROUPS = 32;

  private static final double EPS = 1e-5;
  private static final Kernel3 FRAME = Kernel3.of(1, 3, 3).padding(Padding3.both(0, 1, 1));

  private LvdmLayers() {}

  static GroupNorm norm(int channels) {
    return new GroupNorm(GROUPS, channels, EPS);
  }

  /** 1x3x3, height and width kept. */
  static Conv3d conv(int in, int out) {
    return Conv3d.standard(in, out, FRAME);
  }

  /** The same, whose result begins as 0. */
  static Conv3d zeroConv(int in, int out) {
    return new Conv3d(in, out, FRAME, 1, Init.zeros(), Init.zeros());
  }

  /** 1x3x3, height and width halved. */
  static Conv3d down(int channels) {
    return Conv3d.standard(channels, channels, FRAME.stride(new Stride3(1, 2, 2)));
  }
}
