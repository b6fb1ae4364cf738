package engine.kernel;

/** The elementwise functions of two arguments; MIN and MAX return NaN if either argument is. */
public enum Binary {
  ADD,
  SUB,
  MUL,
  DIV,
  MIN,
  MAX
}
