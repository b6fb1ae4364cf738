package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.sigmoid;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.tanh;
import static engine.op.layout.Layout.concat;

import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Tensor;
import nn.layer.Conv2d;

/**
 * A convolutional gated recurrent unit: z = sigmoid(conv[h,x]), r = sigmoid(conv[h,x]), q =
 * tanh(conv[r h, x]), h' = (1 - z) h + z q.
 */
final class GatedUnit {
  private final Conv2d update;
  private final Conv2d reset;
  private final Conv2d candidate;

  /**
   * @param names where the convolutions are registered
   * @param suffix of their names convz, convr, convq
   */
  GatedUnit(ConvolutionNames names, String suffix, int hidden, int in, int high, int wide) {
    this.update = names.add("convz" + suffix, conv(hidden, in, high, wide));
    this.reset = names.add("convr" + suffix, conv(hidden, in, high, wide));
    this.candidate = names.add("convq" + suffix, conv(hidden, in, high, wide));
  }

  /** Gives a convolution its name in the state dict. */
  @FunctionalInterface
  interface ConvolutionNames {
    Conv2d add(String name, Conv2d convolution);
  }

  private static Conv2d conv(int hidden, int in, int high, int wide) {
    Padding2 padding = new Padding2(high / 2, high / 2, wide / 2, wide / 2);
    return Conv2d.standard(hidden + in, hidden, high, wide, Stride2.ONE, padding);
  }

  Tensor forward(Tensor h, Tensor x) {
    Tensor both = concat(1, h, x);
    Tensor z = sigmoid(update.forward(both));
    Tensor r = sigmoid(reset.forward(both));
    Tensor q = tanh(candidate.forward(concat(1, mul(r, h), x)));
    return add(mul(sub(Tensor.scalar(1f), z), h), mul(z, q));
  }
}
