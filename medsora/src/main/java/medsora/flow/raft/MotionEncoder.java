package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.relu;
import static engine.op.layout.Layout.concat;

import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import org.jspecify.annotations.Nullable;

/** Joins the correlations looked up and the flow so far; the flow itself is passed on beside. */
final class MotionEncoder extends Module {
  private final Conv2d correlation1;
  private final @Nullable Conv2d correlation2;
  private final Conv2d flow1;
  private final Conv2d flow2;
  private final Conv2d joined;
  private final int channels;

  MotionEncoder(RaftConfig config) {
    boolean small = config.small();
    int first = small ? 96 : 256;
    int fromCorrelation = small ? 96 : 192;
    int fromFlow = small ? 32 : 64;
    this.channels = small ? 82 : 128;
    this.correlation1 = child("convc1", conv(config.correlations(), first, 1));
    this.correlation2 = small ? null : child("convc2", conv(first, fromCorrelation, 3));
    this.flow1 = child("convf1", conv(2, 2 * fromFlow, 7));
    this.flow2 = child("convf2", conv(2 * fromFlow, fromFlow, 3));
    this.joined = child("conv", conv(fromCorrelation + fromFlow, channels - 2, 3));
  }

  static Conv2d conv(int in, int out, int kernel) {
    return Conv2d.standard(in, out, Kernel2.same(kernel));
  }

  /** Channels of the result, the two of the flow included. */
  int channels() {
    return channels;
  }

  Tensor forward(Tensor flow, Tensor correlations) {
    Tensor c = relu(correlation1.forward(correlations));
    c = correlation2 == null ? c : relu(correlation2.forward(c));
    Tensor f = relu(flow2.forward(relu(flow1.forward(flow))));
    return concat(1, relu(joined.forward(concat(1, c, f))), flow);
  }
}
