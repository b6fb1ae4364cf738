package medsora.vae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;
import static engine.op.resample.Resample.averagePool;

import engine.autodiff.Tape;
import engine.op.conv.Padding2;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/**
 * Halves height and width by a 3x3 convolution of stride 2 with a row and a column of zeros at the
 * bottom and the right, frame by frame; before it, if asked, time by average pooling.
 */
final class Downsampler extends Module {
  private final boolean time;
  private final Conv2d conv;

  Downsampler(int channels, boolean time) {
    this.time = time;
    Kernel2 kernel = Kernel2.of(3).stride(2).padding(new Padding2(0, 1, 0, 1));
    this.conv = child("conv", Conv2d.standard(channels, channels, kernel));
  }

  Tensor forward(Tensor x) {
    return Tape.scoped(() -> {
      Tensor pooled = time && x.dim(2) > 1 ? halveTime(x) : x;
      return conv.frames(pooled);
    });
  }

  /** Means of pairs of frames; with an odd number the first frame stays as it is. */
  private static Tensor halveTime(Tensor x) {
    int frames = x.dim(2);
    if (frames % 2 == 0) {
      return averagePool(x, 2, 2);
    }
    return concat(2, slice(x, 2, 0, 1), averagePool(slice(x, 2, 1, frames), 2, 2));
  }
}
