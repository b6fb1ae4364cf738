package engine.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import engine.numeric.Numerics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The vector form gives the bits of the scalar form, at every width, for every kind of argument.
 */
class VectorMathTest {
  private static final List<VectorSpecies<Float>> WIDTHS =
      List.of(FloatVector.SPECIES_128, FloatVector.SPECIES_256, FloatVector.SPECIES_512);

  /** Prime; some hundred thousand patterns of all 2^32. */
  private static final int STRIDE = 32749;

  @FunctionalInterface
  interface Scalar1 {
    float apply(float x);
  }

  @FunctionalInterface
  interface Scalar2 {
    float apply(float x, float y);
  }

  record Unary(String name, Scalar1 scalar, UnaryOperator<FloatVector> vector) {
    @Override
    public String toString() {
      return name;
    }
  }

  record Binary(String name, Scalar2 scalar, BinaryOperator<FloatVector> vector) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Unary> unary() {
    return Stream.of(
        new Unary("exp", Numerics::exp, VectorMath::exp),
        new Unary("expm1", Numerics::expm1, VectorMath::expm1),
        new Unary("log", Numerics::log, VectorMath::log),
        new Unary("log1p", Numerics::log1p, VectorMath::log1p),
        new Unary("softplus", Numerics::softplus, VectorMath::softplus),
        new Unary("sigmoid", Numerics::sigmoid, VectorMath::sigmoid),
        new Unary("silu", Numerics::silu, VectorMath::silu),
        new Unary("tanh", Numerics::tanh, VectorMath::tanh),
        new Unary("erf", Numerics::erf, VectorMath::erf),
        new Unary("gelu", Numerics::gelu, VectorMath::gelu),
        new Unary("sin", Numerics::sin, VectorMath::sin),
        new Unary("cos", Numerics::cos, VectorMath::cos),
        new Unary("sqrt", Numerics::sqrt, VectorMath::sqrt),
        new Unary("rsqrt", Numerics::rsqrt, VectorMath::rsqrt),
        new Unary("powi 0", x -> Numerics.powi(x, 0), x -> VectorMath.powi(x, 0)),
        new Unary("powi 7", x -> Numerics.powi(x, 7), x -> VectorMath.powi(x, 7)),
        new Unary("powi -6", x -> Numerics.powi(x, -6), x -> VectorMath.powi(x, -6)));
  }

  static Stream<Binary> binary() {
    return Stream.of(
        new Binary("atan2", Numerics::atan2, VectorMath::atan2),
        new Binary("max", Numerics::max, VectorMath::max),
        new Binary("min", Numerics::min, VectorMath::min));
  }

  @ParameterizedTest
  @MethodSource("unary")
  void unaryBitsAreThoseOfTheScalarForm(Unary f) {
    float[] x = arguments();
    float[] want = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      want[i] = f.scalar.apply(x[i]);
    }
    for (VectorSpecies<Float> width : WIDTHS) {
      float[] got = new float[x.length];
      for (int i = 0; i < x.length; i += width.length()) {
        f.vector.apply(FloatVector.fromArray(width, x, i)).intoArray(got, i);
      }
      for (int i = 0; i < x.length; i++) {
        same(want[i], got[i], width, f.name + "(" + x[i] + ")");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("binary")
  void binaryBitsAreThoseOfTheScalarForm(Binary f) {
    float[] x = arguments();
    for (int shift : new int[] {0, 1, 5, x.length / 3}) {
      float[] y = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        y[i] = x[(i + shift) % x.length];
      }
      for (VectorSpecies<Float> width : WIDTHS) {
        float[] got = new float[x.length];
        for (int i = 0; i < x.length; i += width.length()) {
          FloatVector a = FloatVector.fromArray(width, x, i);
          f.vector.apply(a, FloatVector.fromArray(width, y, i)).intoArray(got, i);
        }
        for (int i = 0; i < x.length; i++) {
          same(f.scalar.apply(x[i], y[i]), got[i], width, f.name + "(" + x[i] + ", " + y[i] + ")");
        }
      }
    }
  }

  /**
   * Special values with their neighbours, a fine grid of everyday sizes, and all patterns sparsely.
   */
  private static float[] arguments() {
    List<Float> x = new ArrayList<>();
    float[] special = {
      0f,
      Float.MIN_VALUE,
      Float.MIN_NORMAL,
      0x1p-25f,
      0.41421357f,
      0.5f,
      0.625f,
      0.921875f,
      1f,
      2f,
      4f,
      10f,
      18f,
      87.33654f,
      88.72283f,
      128f,
      1000f,
      0x1p20f,
      1e30f,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY
    };
    for (float value : special) {
      for (float near : new float[] {value, Math.nextUp(value), Math.nextDown(value)}) {
        x.add(near);
        x.add(-near);
      }
    }
    for (int bits : new int[] {0x7FC00000, 0xFFC00000, 0x7F800001, 0xFFABCDEF, 0x7FFFFFFF}) {
      x.add(Float.intBitsToFloat(bits));
    }
    for (float value = -20f; value < 20f; value += 0.00173f) {
      x.add(value);
    }
    for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
      x.add(Float.intBitsToFloat((int) bits));
    }
    while (x.size() % 16 != 0) {
      x.add(0f);
    }
    float[] out = new float[x.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = x.get(i);
    }
    return out;
  }

  private static void same(float want, float got, VectorSpecies<Float> width, String text) {
    if (Float.floatToRawIntBits(want) != Float.floatToRawIntBits(got)) {
      assertEquals(
          Integer.toHexString(Float.floatToRawIntBits(want)),
          Integer.toHexString(Float.floatToRawIntBits(got)),
          text + " at " + width.vectorBitSize() + " bits");
      fail();
    }
  }
}
