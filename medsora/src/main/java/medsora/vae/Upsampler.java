package medsora.vae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.resample.Resample.nearest;

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
 * Doubles height and width (and time, if asked) by nearest neighbours, then a 3x3 convolution frame
 * by frame. With an odd number of frames above one, the first is not doubled in time.
 */
final class Upsampler extends Module {
  private final boolean time;
  private final Parameter weight;
  private final Parameter bias;

  Upsampler(int channels, boolean time) {
    this.time = time;
    ParameterGroup conv = child("conv", new ParameterGroup());
    var bound = Init.uniform(1 / Math.sqrt(9.0 * channels));
    this.weight = conv.add("weight", Shape.of(channels, channels, 3, 3), bound);
    this.bias = conv.add("bias", Shape.of(channels), bound);
  }

  Tensor forward(Tensor x) {
    return Tape.scoped(() -> {
      Tensor longer = time && x.dim(2) > 1 ? doubleTime(x) : x;
      Tensor large = nearest(nearest(longer, 3, 2 * x.dim(3)), 4, 2 * x.dim(4));
      Shape w = weight.shape();
      Tensor kernel = reshape(weight.value(), w.dim(0), w.dim(1), 1, 3, 3);
      return Conv.conv3d(large, kernel, bias.value(), Stride3.ONE, Padding3.both(0, 1, 1), 1);
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
