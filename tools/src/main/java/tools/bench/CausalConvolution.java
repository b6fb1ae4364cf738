package tools.bench;

import engine.kernel.Walks;
import engine.op.scan.Scan;
import engine.tensor.Tensor;

/**
 * The causal depthwise convolution with SiLU of [batch, length, channels], in rows of {@code width}
 * whose further channels are carried along as in the model. Few multiply-adds per float, so it is
 * judged by the bytes it moves.
 */
public record CausalConvolution(Pass pass, int batch, int length, int channels, int width, int taps)
    implements Operation {
  @Override
  public Work work() {
    long rows = (long) batch * length;
    long products = rows * channels * taps;
    // Forward reads and writes whole rows; backward reads the convolution's channels besides.
    long floats = rows * ((2L * width) + (pass == Pass.FORWARD ? 0 : channels));
    return new Work(pass == Pass.FORWARD ? products : 2 * products, 4 * floats, Unit.BYTES);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Tensor x = pass.input(tensors.of(batch, length, width));
    Tensor w = pass.weight(tensors.of(channels, 1, taps));
    Tensor b = pass.weight(tensors.of(channels));
    Walks walks = Walks.straight(length, length);
    return Task.of(pass, tensors, () -> Scan.causalConv1d(x, 0, width - channels, w, b, walks));
  }
}
