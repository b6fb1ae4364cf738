package engine.kernel;

/**
 * The elementwise functions of one argument. Formulas and ranges: {@link engine.numeric.Numerics}.
 */
public enum Unary {
  NEG,
  ABS,
  SQUARE,
  SQRT,
  RSQRT,
  RECIPROCAL,
  EXP,
  EXPM1,
  LOG,
  LOG1P,
  SIN,
  COS,
  ERF,
  TANH,
  SIGMOID,
  SOFTPLUS,
  RELU,
  SILU,
  GELU;

  /**
   * Whether the derivative is written in y = f(x) rather than in x, so that x need not be kept. For
   * RELU both would do, and y is what the next layer keeps anyway.
   */
  public boolean derivativeReadsOutput() {
    return switch (this) {
      case SQRT, RSQRT, RECIPROCAL, EXP, EXPM1, TANH, SIGMOID, RELU -> true;
      default -> false;
    };
  }
}
