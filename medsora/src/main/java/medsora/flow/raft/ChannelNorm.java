package medsora.flow.raft;

import engine.tensor.Tensor;
import java.util.function.UnaryOperator;
import nn.Mode;
import nn.Module;
import nn.layer.BatchNorm;
import nn.layer.InstanceNorm;

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

  private final UnaryOperator<Tensor> norm;

  ChannelNorm(int channels, Kind kind) {
    this.norm =
        switch (kind) {
          case BATCH -> {
            BatchNorm batch = child("", new BatchNorm(channels));
            yield x -> batch.forward(x, Mode.EVAL);
          }
          case NONE -> x -> x;
          case INSTANCE -> new InstanceNorm(channels, EPS)::forward;
        };
  }

  Tensor forward(Tensor x) {
    return norm.apply(x);
  }
}
