package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.reshape;

import engine.op.conv.Conv;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/** A convolution over moments with equalised learning rate, see {@link EqualLinear}. */
public final class EqualConv1d extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final float gain;
  private final float rate;

  /**
   * @param rate r, the learning rate relative to that of other layers
   */
  public EqualConv1d(int in, int out, int taps, float rate) {
    this.weight = parameter("weight", Shape.of(out, in, taps), Init.normal(1 / rate));
    this.bias = parameter("bias", Shape.of(out), Init.zeros());
    this.gain = (float) (rate / Math.sqrt((double) in * taps));
    this.rate = rate;
  }

  /** [N, in, L] -> [N, out, L - taps + 1]. */
  public Tensor forward(Tensor x) {
    ShapeException.require(
        x.shape().rank() == 3, "equalConv1d", "wants x [N,in,L], got %s", x.shape());
    Tensor w = scale(weight.value(), gain);
    Tensor y =
        Conv.conv2d(
            reshape(x, x.dim(0), x.dim(1), 1, x.dim(2)),
            reshape(w, w.dim(0), w.dim(1), 1, w.dim(2)),
            scale(bias.value(), rate),
            Stride2.ONE,
            Padding2.NONE,
            1);
    return reshape(y, y.dim(0), y.dim(1), y.dim(3));
  }
}
