package medsora.vae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.resample.Resample.averagePool;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.ParameterGroup;

/**
 * Halves height and width by a 3x3 convolution of stride 2 with a row and a column of zeros at the
 * bottom and the right, frame by frame; before it, if asked, time by average pooling.
 */
final class Downsampler extends Module {
  private final boolean time;
  private final Parameter weight;
  private final Parameter bias;

  Downsampler(int channels, boolean time) {
    this.time = time;
    ParameterGroup conv = child("conv", new ParameterGroup());
    var bound = Init.uniform(1 / Math.sqrt(9.0 * channels));
    this.weight = conv.add("weight", Shape.of(channels, channels, 3, 3), bound);
    this.bias = conv.add("bias", Shape.of(channels), bound);
  }

  Tensor forward(Tensor x) {
    return Tape.scoped(() -> {
      Tensor pooled = time && x.dim(2) > 1 ? halveTime(x) : x;
      Shape w = weight.shape();
      Tensor kernel = reshape(weight.value(), w.dim(0), w.dim(1), 1, 3, 3);
      return Conv.conv3d(
          pooled, kernel, bias.value(), new Stride3(1, 2, 2), new Padding3(0, 0, 0, 1, 0, 1), 1);
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
