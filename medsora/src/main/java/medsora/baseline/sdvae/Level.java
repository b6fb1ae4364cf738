package medsora.baseline.sdvae;

import engine.autodiff.Tape;
import engine.op.conv.Conv;
import engine.op.conv.Padding2;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import org.jspecify.annotations.Nullable;

/** A level of the encoder or decoder: residual blocks, then height and width halved or doubled. */
final class Level extends Module {
  private final List<Residual> blocks = new ArrayList<>();
  private final Scaling scaling;

  /** Null where height and width stay. */
  private final @Nullable Conv2d conv;

  /** What a level does to height and width behind its blocks. */
  enum Scaling {
    NONE,
    /**
     * A 3x3 convolution of stride 2 with a row and a column of zeros at the bottom and the right.
     */
    HALF,
    /** Nearest neighbours, then a 3x3 convolution. */
    DOUBLE
  }

  Level(int in, int out, int layers, int groups, Scaling scaling) {
    for (int i = 0; i < layers; i++) {
      blocks.add(child("resnets." + i, new Residual(i == 0 ? in : out, out, groups)));
    }
    this.scaling = scaling;
    Kernel2 halving = Kernel2.of(3).stride(2).padding(new Padding2(0, 1, 0, 1));
    this.conv =
        switch (scaling) {
          case NONE -> null;
          case HALF -> child("downsamplers.0.conv", Conv2d.standard(out, out, halving));
          case DOUBLE -> child("upsamplers.0.conv", Conv2d.standard(out, out, Kernel2.same(3)));
        };
  }

  /** Consumes x, [N, in, h, w] -> [N, out, h', w']. */
  Tensor consume(Tensor x) {
    Tensor h = x;
    for (Residual block : blocks) {
      h = Tape.consume(h, block::forward);
    }
    Conv2d scaled = conv;
    if (scaled == null) {
      return h;
    }
    return scaling == Scaling.HALF
        ? Tape.consume(h, scaled::forward)
        : Tape.consume(h, t -> doubled(t, scaled));
  }

  private static Tensor doubled(Tensor x, Conv2d conv) {
    Shape s = x.shape();
    Tensor frame = Layout.reshape(x, s.dim(0), s.dim(1), 1, s.dim(2), s.dim(3));
    Tensor y = Conv.upsampleConv(frame, conv.weight(), conv.bias());
    return Layout.reshape(y, s.dim(0), s.dim(1), 2 * s.dim(2), 2 * s.dim(3));
  }
}
