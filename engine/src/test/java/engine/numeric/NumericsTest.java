package engine.numeric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NumericsTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  /** Prime, so that the patterns visited are spread over exponents and mantissas alike. */
  private static final int STRIDE = 997;

  /** Patterns on either side of an end. */
  private static final int NEAR = 1024;

  private static final float[] ENDS = {
    Float.MIN_NORMAL,
    0x1p-25f,
    Coefficients.TANH_SPLIT,
    Coefficients.SOFTPLUS_SPLIT,
    Coefficients.ERF_SPLIT,
    Coefficients.SQRT_HALF,
    1f,
    Coefficients.ERF_HIGHEST,
    Coefficients.TANH_HIGHEST,
    18f,
    Coefficients.EXP_HIGHEST,
    -Coefficients.EXP_LOWEST,
    0x1p20f,
    Float.MAX_VALUE
  };

  @FunctionalInterface
  interface FloatFunction {
    float apply(float x);
  }

  static Stream<Arguments> bounds() {
    return Stream.of(
        of("exp", Numerics::exp, StrictMath::exp, 0.70, -INF, INF),
        of("expm1", Numerics::expm1, StrictMath::expm1, 1.55, -INF, INF),
        of("log", Numerics::log, StrictMath::log, 0.80, 0, INF),
        of("log1p", Numerics::log1p, StrictMath::log1p, 0.80, -1, INF),
        of("softplus", Numerics::softplus, NumericsTest::softplus, 1.75, -INF, INF),
        of("sigmoid", Numerics::sigmoid, NumericsTest::sigmoid, 2.45, -INF, INF),
        of("silu", Numerics::silu, x -> x * sigmoid(x), 3.15, -87, INF),
        of("tanh", Numerics::tanh, StrictMath::tanh, 1.35, -INF, INF),
        of("erf", Numerics::erf, NumericsTest::erf, 1.10, -INF, INF),
        of("sin", Numerics::sin, StrictMath::sin, 1.70, -0x1p20, 0x1p20),
        of("cos", Numerics::cos, StrictMath::cos, 1.85, -0x1p20, 0x1p20),
        of("atan2(x,1)", x -> Numerics.atan2(x, 1f), StrictMath::atan, 1.55, -INF, INF),
        of("atan2(1,x)", x -> Numerics.atan2(1f, x), x -> StrictMath.atan2(1, x), 1.55, -INF, INF),
        of(
            "atan2(-2,x)",
            x -> Numerics.atan2(-2f, x),
            x -> StrictMath.atan2(-2, x),
            1.55,
            -INF,
            INF),
        of("sqrt", Numerics::sqrt, Math::sqrt, 0.5, 0, INF),
        of("rsqrt", Numerics::rsqrt, x -> 1 / Math.sqrt(x), 1.5, 0, INF),
        of("powi 2", x -> Numerics.powi(x, 2), x -> x * x, 0.5, -INF, INF),
        of("powi 3", x -> Numerics.powi(x, 3), x -> x * x * x, 1.35, -INF, INF),
        of("powi 4", x -> Numerics.powi(x, 4), x -> x * x * x * x, 2, -INF, INF),
        of("powi -1", x -> Numerics.powi(x, -1), x -> 1 / x, 0.5, -INF, INF),
        of("powi -3", x -> Numerics.powi(x, -3), NumericsTest::inverseCube, 2.5, -INF, INF));
  }

  private static Arguments of(
      String name,
      FloatFunction f,
      DoubleUnaryOperator exact,
      double ulps,
      double low,
      double high) {
    return Arguments.of(name, f, exact, ulps, low, high);
  }

  /** The documented bound holds wherever the exact result is a normal float32. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("bounds")
  void errorStaysBelowTheDocumentedBound(
      String name,
      FloatFunction f,
      DoubleUnaryOperator exact,
      double ulps,
      double low,
      double high) {
    double worst = 0;
    float at = 0;
    for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      if (!(x >= low && x <= high)) {
        continue;
      }
      double want = exact.applyAsDouble(x);
      if (!(Math.abs(want) >= Float.MIN_NORMAL && Math.abs(want) <= Float.MAX_VALUE)) {
        continue;
      }
      double error = Math.abs(f.apply(x) - want) / Math.ulp((float) want);
      if (!(error <= worst)) {
        worst = error;
        at = x;
      }
    }
    assertTrue(worst <= ulps, name + ": " + worst + " ulp at " + at + ", bound " + ulps);
  }

  /** Every float around 1 and wherever a function changes over, to both sides of 0. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("bounds")
  void errorStaysBelowTheDocumentedBoundAtTheEnds(
      String name,
      FloatFunction f,
      DoubleUnaryOperator exact,
      double ulps,
      double low,
      double high) {
    for (float end : ENDS) {
      int middle = Float.floatToRawIntBits(end);
      for (int bits = middle - NEAR; bits <= middle + NEAR; bits++) {
        holds(name, f, exact, ulps, low, high, Float.intBitsToFloat(bits));
        holds(name, f, exact, ulps, low, high, -Float.intBitsToFloat(bits));
      }
    }
  }

  /** The worst arguments that the accuracy program found. */
  @ParameterizedTest
  @CsvSource({
    "exp, 0x1.4ed43p2, 0.68",
    "expm1, 0x1.63954ap-2, 1.50",
    "softplus, -0x1.c2bf02p-1, 1.72",
    "sigmoid, -0x1.0a111ap2, 2.40",
    "silu, -0x1.b0d7b2p2, 3.11",
    "tanh, 0x1.407edp-1, 1.34",
    "erf, 0x1.12e0bap0, 1.06",
    "sin, 0x1.c704c4p19, 1.66",
    "cos, 0x1.e506fp19, 1.80"
  })
  void worstArgumentsAreAsDocumented(String name, String argument, double found) {
    float x = Float.parseFloat(argument);
    double want =
        switch (name) {
          case "exp" -> StrictMath.exp(x);
          case "expm1" -> StrictMath.expm1(x);
          case "softplus" -> softplus(x);
          case "sigmoid" -> sigmoid(x);
          case "silu" -> x * sigmoid(x);
          case "tanh" -> StrictMath.tanh(x);
          case "erf" -> erf(x);
          case "sin" -> StrictMath.sin(x);
          default -> StrictMath.cos(x);
        };
    double error = Math.abs(named(name).apply(x) - want) / Math.ulp((float) want);
    assertEquals(found, error, 0.01, name);
  }

  private static void holds(
      String name,
      FloatFunction f,
      DoubleUnaryOperator exact,
      double ulps,
      double low,
      double high,
      float x) {
    if (!(x >= low && x <= high)) {
      return;
    }
    double want = exact.applyAsDouble(x);
    float got = f.apply(x);
    if (Math.abs(want) >= Float.MIN_NORMAL && Math.abs(want) <= Float.MAX_VALUE) {
      double error = Math.abs(got - want) / Math.ulp((float) want);
      // The largest number and infinity are equally near at the very end of the range.
      boolean overflows = Float.isInfinite(got) && (float) want == Float.MAX_VALUE;
      assertTrue(error <= ulps || overflows, name + "(" + x + ")=" + got + ", exactly " + want);
    } else if (Math.abs(want) > Float.MAX_VALUE) {
      assertTrue(Math.abs(got) >= Float.MAX_VALUE, name + "(" + x + ")=" + got);
    }
  }

  /** Where sine and cosine vanish, what is left of the argument's reduction shows. */
  @Test
  void sineAndCosineHoldTheirBoundsAroundEveryMultipleOfHalfPi() {
    for (int k = 1; k * (Math.PI / 2) < 0x1p20; k++) {
      int middle = Float.floatToRawIntBits((float) (k * (Math.PI / 2)));
      for (int bits = middle - 1; bits <= middle + 1; bits++) {
        float x = Float.intBitsToFloat(bits);
        holds("sin", Numerics::sin, Math::sin, 1.70, 0, 0x1p20, x);
        holds("cos", Numerics::cos, Math::cos, 1.85, 0, 0x1p20, x);
      }
    }
  }

  /** Every 61st of them; the accuracy program tries all. */
  @Test
  void denormalArgumentsCountAtFullValue() {
    double slope = 2 / Math.sqrt(Math.PI);
    for (int bits = 1; bits < 1 << 23; bits += 61) {
      float positive = Float.intBitsToFloat(bits);
      double log = Math.log(positive);
      assertTrue(Math.abs(Numerics.log(positive) - log) <= 0.8 * Math.ulp((float) log), "log");
      exactly((float) Math.sqrt((double) positive), Numerics.sqrt(positive), "sqrt");
      for (float x : new float[] {positive, -positive}) {
        exactly(x, Numerics.expm1(x), "expm1");
        exactly(x, Numerics.log1p(x), "log1p");
        exactly(x, Numerics.tanh(x), "tanh");
        exactly(x, Numerics.sin(x), "sin");
        exactly(x, Numerics.atan2(x, 1f), "atan2");
        exactly(0.5f * x, Numerics.silu(x), "silu");
        exactly(0.5f * x, Numerics.gelu(x), "gelu");
        exactly(1f, Numerics.exp(x), "exp");
        exactly(1f, Numerics.cos(x), "cos");
        exactly(0.5f, Numerics.sigmoid(x), "sigmoid");
        assertTrue(Math.abs(Numerics.erf(x) - slope * x) <= 0.51 * Float.MIN_VALUE, "erf");
      }
    }
  }

  private static void exactly(float want, float got, String name) {
    if (Float.floatToRawIntBits(want) != Float.floatToRawIntBits(got)) {
      assertBits(want, got, name);
    }
  }

  /** gelu's tail cancels, as its formula does: the bound there is absolute. */
  @Test
  void geluIsCloseInAbsoluteTerms() {
    for (float x = -12f; x < 12f; x += 0.00137f) {
      double want = 0.5 * x * (1 + erf(x / Math.sqrt(2)));
      assertEquals(want, Numerics.gelu(x), 1.5e-7 * Math.max(1, Math.abs(x)), "gelu(" + x + ")");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exp, -Infinity, 0.0",
    "exp, Infinity, Infinity",
    "exp, 0.0, 1.0",
    "exp, -0.0, 1.0",
    "exp, -87.33655, 0.0",
    "exp, -1e30, 0.0",
    "exp, 88.72284, Infinity",
    "exp, 1e30, Infinity",
    "exp, 1e-45, 1.0",
    "expm1, -Infinity, -1.0",
    "expm1, Infinity, Infinity",
    "expm1, -0.0, -0.0",
    "expm1, 1e-45, 1e-45",
    "expm1, -1e20, -1.0",
    "log, 0.0, -Infinity",
    "log, -0.0, -Infinity",
    "log, Infinity, Infinity",
    "log, 1.0, 0.0",
    "log, -1e-45, NaN",
    "log, -Infinity, NaN",
    "log, 1e-45, -103.27893",
    "log1p, -1.0, -Infinity",
    "log1p, -1.0000001, NaN",
    "log1p, Infinity, Infinity",
    "log1p, -0.0, -0.0",
    "log1p, 1e-45, 1e-45",
    "log1p, -Infinity, NaN",
    "softplus, -Infinity, 0.0",
    "softplus, Infinity, Infinity",
    "softplus, -100, 0.0",
    "softplus, 1e30, 1e30",
    "softplus, 0, 0.6931472",
    "sigmoid, -Infinity, 0.0",
    "sigmoid, Infinity, 1.0",
    "sigmoid, -100, 0.0",
    "sigmoid, 0, 0.5",
    "silu, -Infinity, -0.0",
    "silu, Infinity, Infinity",
    "silu, -1e30, -0.0",
    "silu, -0.0, -0.0",
    "silu, -100, -0.0",
    "silu, 2.8e-45, 1.4e-45",
    "tanh, -Infinity, -1.0",
    "tanh, Infinity, 1.0",
    "tanh, -0.0, -0.0",
    "tanh, 1e-45, 1e-45",
    "erf, -Infinity, -1.0",
    "erf, Infinity, 1.0",
    "erf, -0.0, -0.0",
    "erf, 5, 1.0",
    "gelu, -Infinity, -0.0",
    "gelu, Infinity, Infinity",
    "gelu, -0.0, -0.0",
    "gelu, -20, -0.0",
    "sin, -0.0, -0.0",
    "sin, Infinity, NaN",
    "sin, 1048577, NaN",
    "sin, 1e-45, 1e-45",
    "cos, -0.0, 1.0",
    "cos, -Infinity, NaN",
    "cos, 1048577, NaN",
    "sqrt, -0.0, -0.0",
    "sqrt, -1e-45, NaN",
    "sqrt, Infinity, Infinity",
    "rsqrt, 0.0, Infinity",
    "rsqrt, -0.0, -Infinity",
    "rsqrt, Infinity, 0.0",
    "rsqrt, -1, NaN",
  })
  void givesTheStatedParticularResults(String name, float x, float want) {
    assertBits(want, named(name).apply(x), name + "(" + x + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "exp",
    "expm1",
    "log",
    "log1p",
    "softplus",
    "sigmoid",
    "silu",
    "tanh",
    "erf",
    "gelu",
    "sin",
    "cos",
    "sqrt",
    "rsqrt",
  })
  void everyNaNGivesTheOneNaN(String name) {
    for (int bits : new int[] {0x7FC00000, 0xFFC00000, 0x7F800001, 0xFFABCDEF, 0x7FFFFFFF}) {
      assertBits(Float.NaN, named(name).apply(Float.intBitsToFloat(bits)), name);
    }
  }

  @Test
  void atan2FollowsIeeeAtZerosAndInfinities() {
    float[] points = {
      0f, -0f, 1f, -1f, 1e-45f, -3e38f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
    };
    for (float y : points) {
      for (float x : points) {
        float want = (float) StrictMath.atan2(y, x);
        float got = Numerics.atan2(y, x);
        String text = "atan2(" + y + ", " + x + ")=" + got;
        assertEquals(want, got, Math.ulp(want), text);
        assertEquals(Math.copySign(1f, want), Math.copySign(1f, got), text);
      }
      assertBits(Float.NaN, Numerics.atan2(Float.intBitsToFloat(0xFFC00001), y), "NaN first");
      assertBits(Float.NaN, Numerics.atan2(y, Float.intBitsToFloat(0xFFC00001)), "NaN second");
    }
  }

  @Test
  void powiCoversEveryExponent() {
    assertBits(1f, Numerics.powi(Float.NaN, 0), "NaN^0");
    assertBits(-8f, Numerics.powi(-2f, 3), "(-2)^3");
    assertBits(-0.125f, Numerics.powi(-2f, -3), "(-2)^-3");
    assertBits(1f, Numerics.powi(-1f, Integer.MIN_VALUE), "(-1)^min");
    assertBits(0f, Numerics.powi(2f, Integer.MIN_VALUE), "2^min");
    assertBits(Float.NEGATIVE_INFINITY, Numerics.powi(-0f, -3), "(-0)^-3");
    assertBits(Float.NaN, Numerics.powi(Float.NaN, 2), "NaN^2");
  }

  @Test
  void minAndMaxFollowTheWrittenRule() {
    assertBits(2f, Numerics.max(1f, 2f), "max");
    assertBits(1f, Numerics.min(1f, 2f), "min");
    assertBits(-0f, Numerics.max(0f, -0f), "the second where equal");
    assertBits(0f, Numerics.min(-0f, 0f), "the second where equal");
    assertBits(Float.NaN, Numerics.max(Float.NaN, 1f), "NaN first");
    assertBits(Float.NaN, Numerics.min(1f, Float.intBitsToFloat(0xFFC00000)), "NaN second");
  }

  private static FloatFunction named(String name) {
    return switch (name) {
      case "exp" -> Numerics::exp;
      case "expm1" -> Numerics::expm1;
      case "log" -> Numerics::log;
      case "log1p" -> Numerics::log1p;
      case "softplus" -> Numerics::softplus;
      case "sigmoid" -> Numerics::sigmoid;
      case "silu" -> Numerics::silu;
      case "tanh" -> Numerics::tanh;
      case "erf" -> Numerics::erf;
      case "gelu" -> Numerics::gelu;
      case "sin" -> Numerics::sin;
      case "cos" -> Numerics::cos;
      case "sqrt" -> Numerics::sqrt;
      case "rsqrt" -> Numerics::rsqrt;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void assertBits(float want, float got, String text) {
    assertEquals(
        Integer.toHexString(Float.floatToRawIntBits(want)),
        Integer.toHexString(Float.floatToRawIntBits(got)),
        text + " gave " + got + ", wanted " + want);
  }

  /** The bound of negative powers holds where the positive power is normal; NaN skips the rest. */
  private static double inverseCube(double x) {
    double cube = x * x * x;
    return Math.abs(cube) < Float.MIN_NORMAL ? Double.NaN : 1 / cube;
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  /** The series with positive terms, 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1)/(2n+1)!!. */
  private static double erf(double x) {
    double a = Math.abs(x);
    if (a > 6.5) {
      return Math.signum(x);
    }
    double term = a;
    double sum = a;
    for (int n = 1; term > sum * 1e-18; n++) {
      term *= 2 * a * a / (2 * n + 1);
      sum += term;
    }
    return Math.copySign(2 / Math.sqrt(Math.PI) * StrictMath.exp(-a * a) * sum, x);
  }
}
