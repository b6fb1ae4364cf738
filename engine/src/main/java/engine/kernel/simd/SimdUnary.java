package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static jdk.incubator.vector.VectorOperators.LE;

import engine.kernel.Unary;
import jdk.incubator.vector.FloatVector;

/**
 * Functions of one argument on vectors. Each has a loop of its own: a loop that is shared by
 * several functions could not keep its vectors in registers. What is left over at the end of a
 * range is the scalar twin's.
 */
final class SimdUnary {
  private SimdUnary() {}

  static void vectors(Unary f, float[] x, float[] y, int from, int to) {
    switch (f) {
      case NEG -> neg(x, y, from, to);
      case ABS -> abs(x, y, from, to);
      case SQUARE -> square(x, y, from, to);
      case SQRT -> sqrt(x, y, from, to);
      case RSQRT -> rsqrt(x, y, from, to);
      case RECIPROCAL -> reciprocal(x, y, from, to);
      case EXP -> exp(x, y, from, to);
      case EXPM1 -> expm1(x, y, from, to);
      case LOG -> log(x, y, from, to);
      case LOG1P -> log1p(x, y, from, to);
      case SIN -> sin(x, y, from, to);
      case COS -> cos(x, y, from, to);
      case ERF -> erf(x, y, from, to);
      case TANH -> tanh(x, y, from, to);
      case SIGMOID -> sigmoid(x, y, from, to);
      case SOFTPLUS -> softplus(x, y, from, to);
      case RELU -> relu(x, y, from, to);
      case SILU -> silu(x, y, from, to);
      case GELU -> gelu(x, y, from, to);
    }
  }

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  private static void neg(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      at(x, i).neg().intoArray(y, i);
    }
  }

  private static void abs(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      at(x, i).abs().intoArray(y, i);
    }
  }

  private static void square(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector v = at(x, i);
      v.mul(v).intoArray(y, i);
    }
  }

  private static void sqrt(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.sqrt(at(x, i)).intoArray(y, i);
    }
  }

  private static void rsqrt(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.rsqrt(at(x, i)).intoArray(y, i);
    }
  }

  private static void reciprocal(float[] x, float[] y, int from, int to) {
    FloatVector one = FloatVector.broadcast(F, 1f);
    for (int i = from; i < to; i += L) {
      one.div(at(x, i)).intoArray(y, i);
    }
  }

  private static void exp(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.exp(at(x, i)).intoArray(y, i);
    }
  }

  private static void expm1(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.expm1(at(x, i)).intoArray(y, i);
    }
  }

  private static void log(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.log(at(x, i)).intoArray(y, i);
    }
  }

  private static void log1p(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.log1p(at(x, i)).intoArray(y, i);
    }
  }

  private static void sin(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.sin(at(x, i)).intoArray(y, i);
    }
  }

  private static void cos(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.cos(at(x, i)).intoArray(y, i);
    }
  }

  private static void erf(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.erf(at(x, i)).intoArray(y, i);
    }
  }

  private static void tanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.tanh(at(x, i)).intoArray(y, i);
    }
  }

  private static void sigmoid(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.sigmoid(at(x, i)).intoArray(y, i);
    }
  }

  private static void softplus(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.softplus(at(x, i)).intoArray(y, i);
    }
  }

  private static void relu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector v = at(x, i);
      v.blend(0f, v.compare(LE, 0f)).intoArray(y, i);
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.silu(at(x, i)).intoArray(y, i);
    }
  }

  private static void gelu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i += L) {
      VectorMath.gelu(at(x, i)).intoArray(y, i);
    }
  }
}
