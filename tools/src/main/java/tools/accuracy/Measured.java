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
 * @param absolute whether the error counts in units in the last place of max(1, |x|), for a
 *     function whose tail cancels, and not in those of the exact result
 */
record Measured(
    String name,
    FloatFunction function,
    DoubleUnaryOperator exact,
    float flushBelow,
    float limit,
    boolean absolute) {
  private static final float INF = Float.POSITIVE_INFINITY;

  @FunctionalInterface
  interface FloatFunction {
    float apply(float x);
  }

  private static Measured of(String name, FloatFunction f, DoubleUnaryOperator exact) {
    return new Measured(name, f, exact, -INF, INF, false);
  }

  private Measured flushBelow(float x) {
    return new Measured(name, function, exact, x, limit, absolute);
  }

  private Measured limit(float x) {
    return new Measured(name, function, exact, flushBelow, x, absolute);
  }

  private Measured inAbsoluteTerms() {
    return new Measured(name, function, exact, flushBelow, limit, true);
  }

  /** All functions that the contract defines; of those with two arguments some lines. */
  static List<Measured> all() {
    float lowest = Coefficients.EXP_LOWEST;
    float circle = Coefficients.TRIG_LIMIT;
    return List.of(
        of("exp", Numerics::exp, Math::exp).flushBelow(lowest),
        of("expm1", Numerics::expm1, Exact::expm1),
        of("log", Numerics::log, Math::log),
        of("log1p", Numerics::log1p, Exact::log1p),
        of("softplus", Numerics::softplus, Exact::softplus).flushBelow(lowest),
        of("sigmoid", Numerics::sigmoid, Exact::sigmoid).flushBelow(lowest),
        of("silu", Numerics::silu, Exact::silu).flushBelow(lowest),
        of("tanh", Numerics::tanh, Exact::tanh),
        of("erf", Numerics::erf, Exact::erf),
        of("gelu", Numerics::gelu, Exact::gelu)
            .flushBelow(Coefficients.ACTIVATION_LOWEST)
            .inAbsoluteTerms(),
        of("sin", Numerics::sin, Exact::sin).limit(circle),
        of("cos", Numerics::cos, Math::cos).limit(circle),
        of("atan2(x, 1)", x -> Numerics.atan2(x, 1f), Math::atan),
        of("atan2(1, x)", x -> Numerics.atan2(1f, x), x -> Math.atan2(1, x)),
        of("sqrt", Numerics::sqrt, Math::sqrt),
        of("rsqrt", Numerics::rsqrt, x -> 1 / Math.sqrt(x)),
        of("powi 2", x -> Numerics.powi(x, 2), x -> x * x),
        of("powi 3", x -> Numerics.powi(x, 3), x -> x * x * x),
        of("powi -1", x -> Numerics.powi(x, -1), x -> 1 / x));
  }
}
