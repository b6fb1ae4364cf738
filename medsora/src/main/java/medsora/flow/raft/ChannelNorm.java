package medsora.flow.raft;

import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.layer.BatchNorm;
import nn.layer.InstanceNorm;
import org.jspecify.annotations.Nullable;

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

  private static final double EPS = 1e-5;

  private final Kind kind;
  private final @Nullable BatchNorm batch;
  private final InstanceNorm instance;

  ChannelNorm(int channels, Kind kind) {
    this.kind = kind;
    this.batch = kind == Kind.BATCH ? child("", new BatchNorm(channels)) : null;
    this.instance = new InstanceNorm(channels, EPS);
  }

  Tensor forward(Tensor x) {
    return switch (kind) {
      case BATCH -> batch.forward(x, Mode.EVAL);
      case NONE -> x;
      case INSTANCE -> instance.forward(x);
    };
  }
}
