package engine.kernel;

/** Temporary. */
public final class Numerics {
  public static float exp(float x) {
    return (float) StrictMath.exp(x);
  }

  public static float expm1(float x) {
    return (float) StrictMath.expm1(x);
  }

  public static float log(float x) {
    return (float) StrictMath.log(x);
  }

  public static float log1p(float x) {
    return (float) StrictMath.log1p(x);
  }

  public static float sin(float x) {
    return (float) StrictMath.sin(x);
  }

  public static float cos(float x) {
    return (float) StrictMath.cos(x);
  }

  public static float erf(float x) {
    return x;
  }

  public static float tanh(float x) {
    return (float) StrictMath.tanh(x);
  }

  public static float sigmoid(float x) {
    return (float) (1 / (1 + StrictMath.exp(-x)));
  }

  public static float softplus(float x) {
    return x > 20 ? x : (float) StrictMath.log1p(StrictMath.exp(x));
  }

  public static float rsqrt(float x) {
    return 1f / (float) Math.sqrt(x);
  }
}
