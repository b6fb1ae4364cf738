package medsora.flow.raft;

import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.layer.BatchNorm;

/** What stands after a convolution of an encoder: eps 1e-5 wherever there is one. */
final class ChannelNorm extends Module {
  /** The kinds that the published networks have. */
  enum Kind {
    /** Each plane by its own mean and variance, without parameters. */
    INSTANCE,
    /** By running statistics. */
    BATCH,
    NONE
  }

  private static final float EPS = 1e-5f;

  private final int channels;
  private final Kind kind;
  private final BatchNorm batch;

  ChannelNorm(int channels, Kind kind) {
    this.channels = channels;
    this.kind = kind;
    this.batch = kind == Kind.BATCH ? child("", new BatchNorm(channels)) : null;
  }

  Tensor forward(Tensor x) {
    return switch (kind) {
      case BATCH -> batch.forward(x, Mode.EVAL);
      case NONE -> x;
      case INSTANCE -> {
        Shape c = Shape.of(channels);
        yield Norm.groupNorm(x, channels, Tensor.full(c, 1f), Tensor.zeros(c), EPS);
      }
    };
  }
}
