package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import engine.kernel.Unary;
import engine.numeric.Coefficients;
import jdk.incubator.vector.FloatVector;

/** Derivatives on vectors, with a loop of its own for each function as in {@link SimdUnary}. */
final class SimdUnaryGrad {
  /** Elements of a function that is computed in two passes; whole vectors of any width. */
  private static final int PIECE = 1024;

  private SimdUnaryGrad() {}

  static void vectors(
      Unary f, float[] xs, float[] ys, float[] gs, float[] gradients, int from, int to) {
    switch (f) {
      case NEG -> neg(gs, gradients, from, to);
      case ABS -> abs(xs, gs, gradients, from, to);
      case SQUARE -> square(xs, gs, gradients, from, to);
      case SQRT -> sqrt(ys, gs, gradients, from, to);
      case RSQRT -> rsqrt(ys, gs, gradients, from, to);
      case RECIPROCAL -> reciprocal(ys, gs, gradients, from, to);
      case EXP -> exp(ys, gs, gradients, from, to);
      case EXPM1 -> expm1(ys, gs, gradients, from, to);
      case LOG -> log(xs, gs, gradients, from, to);
      case LOG1P -> log1p(xs, gs, gradients, from, to);
      case SIN -> sin(xs, gs, gradients, from, to);
      case COS -> cos(xs, gs, gradients, from, to);
      case ERF -> erf(xs, gs, gradients, from, to);
      case TANH -> tanh(ys, gs, gradients, from, to);
      case SIGMOID -> sigmoid(ys, gs, gradients, from, to);
      case SOFTPLUS -> softplus(xs, gs, gradients, from, to);
      case RELU -> relu(xs, gs, gradients, from, to);
      case SILU -> silu(xs, gs, gradients, from, to);
      case GELU -> gelu(xs, gs, gradients, from, to);
    }
  }

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  private static FloatVector zero() {
    return FloatVector.zero(F);
  }

  private static FloatVector one() {
    return FloatVector.broadcast(F, 1f);
  }

  private static void neg(float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector g = at(gs, i);
      g.neg().intoArray(gradients, i);
    }
  }

  private static void abs(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      FloatVector r = zero().blend(g, x.compare(GT, 0f));
      r.blend(g.neg(), x.compare(LT, 0f)).intoArray(gradients, i);
    }
  }

  private static void square(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      g.mul(x).mul(2f).intoArray(gradients, i);
    }
  }

  private static void sqrt(float[] ys, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector y = at(ys, i);
      FloatVector g = at(gs, i);
      g.div(y.mul(2f)).intoArray(gradients, i);
    }
  }

  private static void rsqrt(float[] ys, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector y = at(ys, i);
      FloatVector g = at(gs, i);
      g.mul(-0.5f).mul(y).mul(y.mul(y)).intoArray(gradients, i);
    }
  }

  private static void reciprocal(float[] ys, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector y = at(ys, i);
      FloatVector g = at(gs, i);
      g.mul(y).mul(y).neg().intoArray(gradients, i);
    }
  }

  private static void exp(float[] ys, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector y = at(ys, i);
      FloatVector g = at(gs, i);
      g.mul(y).intoArray(gradients, i);
    }
  }

  private static void expm1(float[] ys, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector y = at(ys, i);
      FloatVector g = at(gs, i);
      g.mul(y.add(1f)).intoArray(gradients, i);
    }
  }

  private static void log(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      g.div(x).intoArray(gradients, i);
    }
  }

  private static void log1p(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      g.div(x.add(1f)).intoArray(gradients, i);
    }
  }

  private static void sin(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      g.mul(VectorMath.cos(x)).intoArray(gradients, i);
    }
  }

  private static void cos(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      g.mul(VectorMath.sin(x)).neg().intoArray(gradients, i);
    }
  }

  private static void erf(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      g.mul(Coefficients.TWO_OVER_SQRT_PI)
          .mul(VectorMath.exp(x.mul(x).neg()))
          .intoArray(gradients, i);
    }
  }

  private static void tanh(float[] ys, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector y = at(ys, i);
      FloatVector g = at(gs, i);
      g.mul(one().sub(y.mul(y))).intoArray(gradients, i);
    }
  }

  private static void sigmoid(float[] ys, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector y = at(ys, i);
      FloatVector g = at(gs, i);
      g.mul(y.mul(one().sub(y))).intoArray(gradients, i);
    }
  }

  private static void softplus(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      g.mul(VectorMath.sigmoid(x)).intoArray(gradients, i);
    }
  }

  private static void relu(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      zero().blend(g, x.compare(GT, 0f)).intoArray(gradients, i);
    }
  }

  private static void silu(float[] xs, float[] gs, float[] gradients, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector x = at(xs, i);
      FloatVector g = at(gs, i);
      FloatVector s = VectorMath.sigmoid(x);
      FloatVector slope = s.mul(x.mul(one().sub(s)).add(1f));
      g.mul(slope).intoArray(gradients, i);
    }
  }

  /**
   * In two passes over a piece that stays in the nearest cache: both functions in one method are
   * more than the compiler keeps in registers, and vectors beyond that become objects.
   */
  private static void gelu(float[] xs, float[] gs, float[] gradients, int from, int to) {
    float[] cdf = new float[Math.min(PIECE, to - from)];
    for (int low = from; low < to; low += PIECE) {
      int high = Math.min(to, low + PIECE);
      normalCdf(xs, low, high, cdf);
      geluSlopes(xs, cdf, gs, gradients, low, high);
    }
  }

  /** cdf[i - low] = (erf(x / sqrt 2) + 1) / 2. */
  private static void normalCdf(float[] xs, int low, int high, float[] cdf) {
    for (int i = low; i < high; i += L) {
      FloatVector scaled = at(xs, i).mul(Coefficients.SQRT_HALF);
      VectorMath.erf(scaled).add(1f).mul(0.5f).intoArray(cdf, i - low);
    }
  }

  private static void geluSlopes(
      float[] xs, float[] cdf, float[] gs, float[] gradients, int low, int high) {
    for (int i = low; i < high; i += L) {
      FloatVector x = at(xs, i);
      FloatVector pdf = VectorMath.exp(x.mul(x).mul(-0.5f)).mul(Coefficients.INV_SQRT_2_PI);
      at(gs, i).mul(at(cdf, i - low).add(x.mul(pdf))).intoArray(gradients, i);
    }
  }
}
