package tools.accuracy;

import engine.numeric.Coefficients;
import engine.numeric.Numerics;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A function of the numeric contract beside its exact form.
 *
 * @param flushBelow for smaller arguments the contract says that the result is a zero
 * @param limit for larger magnitudes the contract says NaN
 * @param core where the function is neither its argument nor a constant to float precision, or one
 *     period of what repeats with the exponent
 * @param absolute whether the error counts in units in the last place of max(1, |x|), for a
 *     function whose tail cancels, and not in those of the exact result
 */
record Measured(
    String name,
    FloatFunction function,
    DoubleUnaryOperator exact,
    float flushBelow,
    float limit,
    Core core,
    boolean absolute) {
  private static final float SMALL = 0x1p-13f;
  private static final float INF = Float.POSITIVE_INFINITY;

  @FunctionalInterface
  interface FloatFunction {
    float apply(float x);
  }

  /** Magnitudes from low to high; of odd and even functions the positive ones alone. */
  record Core(float low, float high, boolean bothSigns) {
    static Core both(float low, float high) {
      return new Core(low, high, true);
    }

    static Core positive(float low, float high) {
      return new Core(low, high, false);
    }
  }

  private static Measured of(String name, Core core, FloatFunction f, DoubleUnaryOperator exact) {
    return new Measured(name, f, exact, -INF, INF, core, false);
  }

  private Measured flushBelow(float x) {
    return new Measured(name, function, exact, x, limit, core, absolute);
  }

  private Measured limit(float x) {
    return new Measured(name, function, exact, flushBelow, x, core, absolute);
  }

  private Measured inAbsoluteTerms() {
    return new Measured(name, function, exact, flushBelow, limit, core, true);
  }

  /** All functions that the contract defines; of those with two arguments some lines. */
  static List<Measured> all() {
    float lowest = Coefficients.EXP_LOWEST;
    float circle = Coefficients.TRIG_LIMIT;
    return List.of(
        of("exp", Core.both(SMALL, 89f), Numerics::exp, Math::exp).flushBelow(lowest),
        of("expm1", Core.both(SMALL, 89f), Numerics::expm1, Exact::expm1),
        of("log", Core.positive(0x1p-4f, 0x1p4f), Numerics::log, Math::log),
        of("log1p", Core.both(SMALL, 0x1p13f), Numerics::log1p, Exact::log1p),
        of("softplus", Core.both(SMALL, 89f), Numerics::softplus, Exact::softplus)
            .flushBelow(lowest),
        of("sigmoid", Core.both(SMALL, 89f), Numerics::sigmoid, Exact::sigmoid).flushBelow(lowest),
        of("silu", Core.both(SMALL, 89f), Numerics::silu, Exact::silu).flushBelow(lowest),
        of("tanh", Core.positive(SMALL, 10f), Numerics::tanh, Exact::tanh),
        of("erf", Core.positive(SMALL, 4f), Numerics::erf, Exact::erf),
        of("gelu", Core.both(SMALL, 16f), Numerics::gelu, Exact::gelu)
            .flushBelow(Coefficients.ACTIVATION_LOWEST)
            .inAbsoluteTerms(),
        of("sin", Core.positive(SMALL, circle), Numerics::sin, Exact::sin).limit(circle),
        of("cos", Core.positive(SMALL, circle), Numerics::cos, Math::cos).limit(circle),
        of("atan2(x, 1)", Core.positive(SMALL, 0x1p13f), x -> Numerics.atan2(x, 1f), Math::atan),
        of(
            "atan2(1, x)",
            Core.both(SMALL, 0x1p13f),
            x -> Numerics.atan2(1f, x),
            x -> Math.atan2(1, x)),
        of("sqrt", Core.positive(1f, 4f), Numerics::sqrt, Math::sqrt),
        of("rsqrt", Core.positive(1f, 4f), Numerics::rsqrt, x -> 1 / Math.sqrt(x)),
        of("powi 2", Core.positive(1f, 2f), x -> Numerics.powi(x, 2), x -> x * x),
        of("powi 3", Core.positive(1f, 2f), x -> Numerics.powi(x, 3), x -> x * x * x),
        of("powi -1", Core.positive(1f, 2f), x -> Numerics.powi(x, -1), x -> 1 / x));
  }
}
