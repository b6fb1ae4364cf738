package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.leakyRelu;
import static engine.op.elementwise.Elementwise.scale;

import engine.tensor.Tensor;

/** The activation of the family: leaky ReLU, whose gain keeps the variance. */
public final class Activation {
  /** Of the leaky ReLU. */
  public static final float SLOPE = 0.2f;

  private static final float GAIN = (float) Math.sqrt(2);

  private Activation() {}

  /** leaky(x) * sqrt 2; any shape, kept. */
  public static Tensor gained(Tensor x) {
    return scale(leakyRelu(x, SLOPE), GAIN);
  }

  /** The same held within the clamp; any shape, kept. */
  public static Tensor clamped(Tensor x, float clamp) {
    return clamp(gained(x), -clamp, clamp);
  }
}
