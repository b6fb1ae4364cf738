package nn.init;

import engine.random.RandomKey;
import engine.tensor.Shape;

/** The initialisers that the model uses, under PyTorch's names. */
public final class Init {
  private Init() {}

  public static Initializer zeros() {
    return constant(0f);
  }

  public static Initializer ones() {
    return constant(1f);
  }

  public static Initializer constant(float value) {
    return (data, shape, key) -> java.util.Arrays.fill(data, value);
  }

  /** Uniform in [-bound, bound). */
  public static Initializer uniform(double bound) {
    return (data, shape, key) -> fillUniform(data, key, -bound, bound);
  }

  /** Normal with mean 0 and the given standard deviation. */
  public static Initializer normal(double std) {
    return (data, shape, key) -> {
      key.random().normal(data, 0, data.length);
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) (data[i] * std);
      }
    };
  }

  /** Xavier (Glorot) uniform: bound sqrt(6 / (fanIn + fanOut)), the shape seen as [out, rest]. */
  public static Initializer xavierUniform() {
    return (data, shape, key) -> {
      double bound = Math.sqrt(6.0 / (fanIn(shape) + shape.dim(0)));
      fillUniform(data, key, -bound, bound);
    };
  }

  /** PyTorch's default for linear and convolution weights: bound 1 / sqrt(fanIn). */
  public static Initializer fanInUniform() {
    return (data, shape, key) -> {
      double bound = 1 / Math.sqrt(fanIn(shape));
      fillUniform(data, key, -bound, bound);
    };
  }

  /** log(u) with u uniform in [low, high): Mamba's A_log. */
  public static Initializer logUniform(double low, double high) {
    return (data, shape, key) -> {
      fillUniform(data, key, low, high);
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) StrictMath.log(data[i]);
      }
    };
  }

  /**
   * Mamba's dt_bias: dt log-uniform in [low, high], at least {@code floor}, through the inverse of
   * softplus: dt + log(-expm1(-dt)).
   */
  public static Initializer inverseSoftplusOfLogUniform(double low, double high, double floor) {
    double logLow = StrictMath.log(low);
    double logHigh = StrictMath.log(high);
    return (data, shape, key) -> {
      fillUniform(data, key, 0, 1);
      for (int i = 0; i < data.length; i++) {
        double dt = Math.max(floor, StrictMath.exp((data[i] * (logHigh - logLow)) + logLow));
        data[i] = (float) (dt + StrictMath.log(-StrictMath.expm1(-dt)));
      }
    };
  }

  /** Elements that one output sums over: all extents but the first. */
  public static int fanIn(Shape shape) {
    return shape.size(1, shape.rank());
  }

  private static void fillUniform(float[] data, RandomKey key, double low, double high) {
    key.random().uniform(data, 0, data.length);
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (low + ((high - low) * data[i]));
    }
  }
}
