package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.sigmoid;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.tanh;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.op.conv.Conv;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import nn.layer.Kernel2;
import nn.layer.ParameterGroup;

/**
 * A convolutional gated recurrent unit: z = sigmoid(conv[h,c,m]), r = sigmoid(conv[h,c,m]), q =
 * tanh(conv[r h,c,m]), h' = (1 - z) h + z q, of a state h, a context c and a motion m.
 *
 * <p>The context is the same at every step, so that its share of each convolution, a third of the
 * multiply-adds of the basic network, is computed once; z and r, which see the same, are one
 * convolution. The sum over channels thereby has another order than upstream's (N11).
 */
final class GatedUnit {
  private final Gate update;
  private final Gate reset;
  private final Gate candidate;
  private final Padding2 padding;
  private final int hidden;

  /**
   * @param names where the convolutions are registered
   * @param suffix of their names convz, convr, convq
   * @param in channels of context and motion
   */
  GatedUnit(ConvolutionNames names, String suffix, int hidden, int in, int high, int wide) {
    Kernel2 kernel = Kernel2.same(high, wide);
    this.padding = kernel.padding();
    this.hidden = hidden;
    this.update = gate(names.add("convz" + suffix), in, kernel);
    this.reset = gate(names.add("convr" + suffix), in, kernel);
    this.candidate = gate(names.add("convq" + suffix), in, kernel);
  }

  /** Makes a place in the state dict for the parameters of a convolution. */
  @FunctionalInterface
  interface ConvolutionNames {
    ParameterGroup add(String name);
  }

  /** A convolution's parameters; it is never computed as it stands. */
  private record Gate(Parameter weight, Parameter bias) {}

  private Gate gate(ParameterGroup group, int in, Kernel2 kernel) {
    Shape shape = Shape.of(hidden, hidden + in, kernel.high(), kernel.wide());
    Initializer standard = Init.uniform(1 / Math.sqrt(Init.fanIn(shape)));
    return new Gate(
        group.add("weight", shape, standard), group.add("bias", Shape.of(hidden), standard));
  }

  /** The unit with a context, [N, C, h, w]. */
  InContext in(Tensor context) {
    Tensor weight = concat(0, update.weight().value(), reset.weight().value());
    Tensor bias = concat(0, update.bias().value(), reset.bias().value());
    return new InContext(
        new Share(weight, bias, context),
        new Share(candidate.weight().value(), candidate.bias().value(), context));
  }

  /** A convolution of [h, c, m] whose context is known. */
  private final class Share {
    private final Tensor varying;
    private final Tensor known;

    Share(Tensor weight, Tensor bias, Tensor context) {
      int end = hidden + context.dim(1);
      this.known =
          Conv.conv2d(context, slice(weight, 1, hidden, end), bias, Stride2.ONE, padding, 1);
      this.varying = concat(1, slice(weight, 1, 0, hidden), slice(weight, 1, end, weight.dim(1)));
    }

    Tensor forward(Tensor h, Tensor motion) {
      Tensor both = concat(1, h, motion);
      return add(Conv.conv2d(both, varying, null, Stride2.ONE, padding, 1), known);
    }
  }

  /** A unit that was told its context. */
  final class InContext {
    private final Share gates;
    private final Share proposal;

    private InContext(Share gates, Share proposal) {
      this.gates = gates;
      this.proposal = proposal;
    }

    Tensor forward(Tensor h, Tensor motion) {
      Tensor both = sigmoid(gates.forward(h, motion));
      Tensor z = slice(both, 1, 0, hidden);
      Tensor r = slice(both, 1, hidden, 2 * hidden);
      Tensor q = tanh(proposal.forward(mul(r, h), motion));
      return add(mul(sub(Tensor.scalar(1f), z), h), mul(z, q));
    }
  }
}
