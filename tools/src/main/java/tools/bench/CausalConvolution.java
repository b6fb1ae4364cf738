package tools.bench;

import engine.op.scan.Scan;
import engine.tensor.Tensor;

/**
 * The causal depthwise convolution with SiLU of [batch, length, channels], read from rows of {@code
 * width} as the model does. Few multiply-adds per float, so it is judged by the bytes it moves.
 */
public record CausalConvolution(Pass pass, int batch, int length, int channels, int width, int taps)
    implements Operation {
  @Override
  public Work work() {
    long rows = (long) batch * length;
    long products = rows * channels * taps;
    // Forward reads x and writes y; backward reads x and gradOutput and writes all of a wide row.
    long floats = pass == Pass.FORWARD ? 2 * rows * channels : rows * ((2L * channels) + width);
    return new Work(pass == Pass.FORWARD ? products : 2 * products, 4 * floats, Unit.BYTES);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Tensor x = pass.input(tensors.of(batch, length, width));
    Tensor w = pass.weight(tensors.of(channels, 1, taps));
    Tensor b = pass.weight(tensors.of(channels));
    return Task.of(pass, tensors, () -> Scan.causalConv1dSlice(x, 0, channels, w, b, true));
  }
}
