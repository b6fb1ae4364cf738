package engine.kernel.scalar;

import engine.kernel.Unary;
import engine.numeric.Coefficients;
import engine.numeric.Numerics;

/** The value and the derivative of each {@link Unary}, one rounding per written operation. */
public final class ScalarUnary {
  private ScalarUnary() {}

  /** f(x). */
  public static float value(Unary f, float x) {
    return switch (f) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SQUARE -> x * x;
      case SQRT -> Numerics.sqrt(x);
      case RSQRT -> Numerics.rsqrt(x);
      case RECIPROCAL -> 1f / x;
      case EXP -> Numerics.exp(x);
      case EXPM1 -> Numerics.expm1(x);
      case LOG -> Numerics.log(x);
      case LOG1P -> Numerics.log1p(x);
      case SIN -> Numerics.sin(x);
      case COS -> Numerics.cos(x);
      case ERF -> Numerics.erf(x);
      case TANH -> Numerics.tanh(x);
      case SIGMOID -> Numerics.sigmoid(x);
      case SOFTPLUS -> Numerics.softplus(x);
      case RELU -> x <= 0f ? 0f : x;
      case SILU -> Numerics.silu(x);
      case GELU -> Numerics.gelu(x);
    };
  }

  /** g * f'(x), where y = f(x). */
  public static float gradient(Unary f, float x, float y, float g) {
    return switch (f) {
      case NEG -> -g;
      case ABS -> x > 0f ? g : x < 0f ? -g : 0f;
      case SQUARE -> (g * x) * 2f;
      case SQRT -> g / (2f * y);
      case RSQRT -> ((g * -0.5f) * y) * (y * y);
      case RECIPROCAL -> -((g * y) * y);
      case EXP -> g * y;
      case EXPM1 -> g * (y + 1f);
      case LOG -> g / x;
      case LOG1P -> g / (1f + x);
      case SIN -> g * Numerics.cos(x);
      case COS -> -(g * Numerics.sin(x));
      case ERF -> (g * Coefficients.TWO_OVER_SQRT_PI) * Numerics.exp(-(x * x));
      case TANH -> g * (1f - y * y);
      case SIGMOID -> g * (y * (1f - y));
      case SOFTPLUS -> g * Numerics.sigmoid(x);
      case RELU -> x > 0f ? g : 0f;
      case SILU -> {
        float s = Numerics.sigmoid(x);
        yield g * (s * (1f + x * (1f - s)));
      }
      case GELU -> {
        float cdf = 0.5f * (1f + Numerics.erf(x * Coefficients.SQRT_HALF));
        float pdf = Coefficients.INV_SQRT_2_PI * Numerics.exp(-0.5f * (x * x));
        yield g * (cdf + x * pdf);
      }
    };
  }

  /** y[i] = f(x[i]) for i in [from, to). */
  public static void values(Unary f, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = value(f, x[i]);
    }
  }

  /** gx[i] = g[i] * f'(x[i]) for i in [from, to). */
  public static void gradients(
      Unary f, float[] x, float[] y, float[] g, float[] gx, int from, int to) {
    for (int i = from; i < to; i++) {
      gx[i] = gradient(f, x[i], y[i], g[i]);
    }
  }
}
