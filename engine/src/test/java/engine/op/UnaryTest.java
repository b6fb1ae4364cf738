package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Unary;
import engine.op.elementwise.Affine;
import engine.op.elementwise.Clamp;
import engine.op.elementwise.Elementwise;
import engine.op.elementwise.GeluTanh;
import engine.op.elementwise.UnaryOp;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnaryTest {
  /** Values and gradients of every function, for sizes around the lanes of every width. */
  @Property(tries = 60)
  void contract(@ForAll Unary f, @ForAll @IntRange(min = 1, max = 130) int n, @ForAll long seed) {
    OpContract.check(of(f, Shape.of(n)), seed);
  }

  /** Large enough for several threads. */
  @ParameterizedTest
  @EnumSource
  void large(Unary f) {
    OpContract.check(of(f, Shape.of(3, 9001)), 11);
  }

  @ParameterizedTest
  @EnumSource
  void specialValues(Unary f) {
    int n = 17 * 9;
    OpContract.sameBits(of(f, Shape.of(n)), new float[][] {SpecialValues.repeated(n)}, 5);
  }

  /** Bits of every exponent with a few mantissas. */
  @ParameterizedTest
  @EnumSource
  void everyMagnitude(Unary f) {
    float[] x = new float[512 * 37];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat((i / 37) << 23 | (i % 37) * 0x37A3F);
    }
    OpContract.sameBits(of(f, Shape.of(x.length)), new float[][] {x}, 6);
  }

  @ParameterizedTest
  @EnumSource
  void empty(Unary f) {
    OpContract.check(of(f, Shape.of(0, 3)), 1);
  }

  /** The form of GELU with tanh, an op of its own. */
  @Property(tries = 20)
  void geluTanh(@ForAll @IntRange(min = 0, max = 130) int n, @ForAll long seed) {
    OpContract.check(geluTanh(Shape.of(n)), seed);
  }

  @Test
  void geluTanhOfLargeTensorsAndSpecialValues() {
    OpContract.check(geluTanh(Shape.of(3, 9001)), 12);
    int n = 17 * 9;
    OpContract.sameBits(geluTanh(Shape.of(n)), new float[][] {SpecialValues.repeated(n)}, 5);
  }

  private static OpCase geluTanh(Shape shape) {
    OpCase.Oracle oracle =
        in ->
            Arrays.stream(in[0])
                .map(x ->
                    x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))))
                .toArray();
    return OpCase.of(new GeluTanh(), oracle, shape).range(0, -4, 4);
  }

  private static OpCase of(Unary f, Shape shape) {
    DoubleUnaryOperator exact = exact(f);
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[in[0].length];
          for (int i = 0; i < y.length; i++) {
            y[i] = exact.applyAsDouble(in[0][i]);
          }
          return y;
        };
    OpCase c = OpCase.of(new UnaryOp(f), oracle, shape);
    return switch (f) {
      case SQRT, RSQRT, RECIPROCAL, LOG -> c.range(0, 0.25, 4);
      case LOG1P -> c.range(0, -0.75, 4);
      // away from the kink, where a difference has no meaning
      case ABS, RELU -> c.range(0, 0.01, 3);
      case SIN, COS -> c.range(0, -20, 20);
      default -> c.range(0, -4, 4);
    };
  }

  private static DoubleUnaryOperator exact(Unary f) {
    return switch (f) {
      case NEG -> x -> -x;
      case ABS -> Math::abs;
      case SQUARE -> x -> x * x;
      case SQRT -> Math::sqrt;
      case RSQRT -> x -> 1 / Math.sqrt(x);
      case RECIPROCAL -> x -> 1 / x;
      case EXP -> Math::exp;
      case EXPM1 -> Math::expm1;
      case LOG -> Math::log;
      case LOG1P -> Math::log1p;
      case SIN -> Math::sin;
      case COS -> Math::cos;
      case ERF -> UnaryTest::erf;
      case TANH -> Math::tanh;
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> x -> Math.log1p(Math.exp(x));
      case RELU -> x -> Math.max(x, 0);
      case SILU -> x -> x / (1 + Math.exp(-x));
      case GELU -> x -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    };
  }

  /** The Maclaurin series of erf; for |x| up to 4 good to 1e-9. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 120; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  @Test
  void negativeArguments() {
    OpContract.check(of(Unary.ABS, Shape.of(40)).range(0, -3, -0.01), 1);
    OpContract.check(of(Unary.RELU, Shape.of(40)).range(0, -3, -0.01), 2);
    OpContract.check(of(Unary.RECIPROCAL, Shape.of(40)).range(0, -3, -0.5), 3);
  }

  /** A NaN must not hide behind a rectifier. */
  @Test
  void reluKeepsNaN() {
    Tensor x = Tensor.of(Shape.of(4), Float.NaN, -0f, -1, 2);
    float[] y = Elementwise.relu(x).toArray();
    assertTrue(Float.isNaN(y[0]));
    assertEquals(0, Float.floatToRawIntBits(y[1]));
    assertEquals(0f, y[2]);
    assertEquals(2f, y[3]);
  }

  @Property(tries = 20)
  void affine(
      @ForAll @IntRange(min = 0, max = 130) int n,
      @ForAll @IntRange(min = -9, max = 9) int scale,
      @ForAll @IntRange(min = -9, max = 9) int shift,
      @ForAll long seed) {
    OpContract.check(affineCase(n, scale / 3f, shift / 7f), seed);
  }

  @Test
  void affineLargeAndSpecial() {
    OpContract.check(affineCase(100_003, 1.7f, -0.3f), 2);
    float[][] in = {SpecialValues.repeated(100)};
    OpContract.sameBits(affineCase(100, 1.7f, -0.3f), in, 3);
    OpContract.sameBits(affineCase(100, 0f, -0f), in, 4);
  }

  private static OpCase affineCase(int n, float scale, float shift) {
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[n];
          for (int i = 0; i < n; i++) {
            y[i] = in[0][i] * scale + shift;
          }
          return y;
        };
    return OpCase.of(new Affine(scale, shift), oracle, Shape.of(n));
  }

  @Property(tries = 20)
  void clamp(@ForAll @IntRange(min = 0, max = 130) int n, @ForAll long seed) {
    // inside, and outside on both sides; the edges themselves are met with probability 0
    OpContract.check(clampCase(n).range(0, -0.39, 0.69), seed);
    OpContract.check(clampCase(n).range(0, -3, -0.41), seed);
    OpContract.check(clampCase(n).range(0, 0.71, 3), seed);
  }

  @Test
  void clampLargeAndSpecial() {
    float[] x = SpecialValues.repeated(100_003);
    x[1] = -0.4f;
    x[2] = 0.7f;
    OpContract.sameBits(clampCase(x.length), new float[][] {x}, 1);
  }

  private static OpCase clampCase(int n) {
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[n];
          for (int i = 0; i < n; i++) {
            y[i] = Math.min(Math.max(in[0][i], -0.4f), 0.7f);
          }
          return y;
        };
    return OpCase.of(new Clamp(-0.4f, 0.7f), oracle, Shape.of(n));
  }
}
