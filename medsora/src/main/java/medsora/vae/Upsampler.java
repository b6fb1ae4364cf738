package medsora.vae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;
import static engine.op.resample.Resample.nearest;

import engine.autodiff.Tape;
import engine.op.conv.Conv;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/**
 * Doubles height and width by nearest neighbours, then a 3x3 convolution frame by frame; if asked,
 * time too, by nearest neighbours. With an odd number of frames above one, the first is not doubled
 * in time.
 */
final class Upsampler extends Module {
  private final boolean time;
  private final Conv2d conv;

  Upsampler(int channels, boolean time) {
    this.time = time;
    this.conv = child("conv", Conv2d.standard(channels, channels, Kernel2.same(3)));
  }

  /**
   * Nearest frames of a result are the results of nearest frames, so time is doubled last: half the
   * products for the same bits.
   */
  Tensor forward(Tensor x) {
    return Tape.scoped(() -> {
      Tensor large = Conv.upsampleConv(x, conv.weight(), conv.bias());
      return time && x.dim(2) > 1 ? doubleTime(large) : large;
    });
  }

  private static Tensor doubleTime(Tensor x) {
    int frames = x.dim(2);
    if (frames % 2 == 0) {
      return nearest(x, 2, 2 * frames);
    }
    Tensor rest = nearest(slice(x, 2, 1, frames), 2, 2 * (frames - 1));
    return concat(2, slice(x, 2, 0, 1), rest);
  }
}
