package engine.kernel;

/** The elementwise functions of one argument. Formulas and ranges: {@link Numerics}. */
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
  GELU
}
