package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.scale;

import engine.op.linalg.Linalg;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer with equalised learning rate (Karras et al. 2018): y = x (W g)^T + b r. Weights
 * are stored with deviation 1 / r and scaled as they are used, g = r / sqrt(in).
 */
public final class EqualLinear extends Module {
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final float gain;
  private final float rate;

  private EqualLinear(int in, int out, float rate, @Nullable Float bias) {
    this.weight = parameter("weight", Shape.of(out, in), Init.normal(1 / rate));
    this.bias = bias == null ? null : parameter("bias", Shape.of(out), Init.constant(bias));
    this.gain = (float) (rate / Math.sqrt(in));
    this.rate = rate;
  }

  /**
   * With a bias.
   *
   * @param rate r, the learning rate relative to that of other layers
   * @param bias its first value
   */
  public static EqualLinear of(int in, int out, float rate, float bias) {
    return new EqualLinear(in, out, rate, bias);
  }

  /** Without bias, of rate 1. */
  public static EqualLinear withoutBias(int in, int out) {
    return new EqualLinear(in, out, 1, null);
  }

  /** [..., in] -> [..., out]. */
  public Tensor forward(Tensor x) {
    Tensor shift = bias == null ? null : scale(bias.value(), rate);
    return Linalg.linear(x, scale(weight.value(), gain), shift);
  }
}
