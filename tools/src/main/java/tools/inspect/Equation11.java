package tools.inspect;

/**
 * The paper's Eq. 11, the complexity of one block over f frames of l tokens of width d, term by
 * term as printed. The braces of the second line do not add up to what stands behind them.
 *
 * @param f frames of latents
 * @param l tokens of a frame, a square number
 * @param d width of a token
 * @param w window of the local attention
 * @param n N of the state-space model
 */
record Equation11(long f, long l, long d, long w, long n) {
  /** f(4ld^2 + 2l^2d). */
  long spatialAttention() {
    return f * ((4 * l * d * d) + (2 * l * l * d));
  }

  /** l(4fd^2 + 2f^2d). */
  long temporalAttention() {
    return l * ((4 * f * d * d) + (2 * f * f * d));
  }

  /** Spatio-temporal self-attention; equals the printed 8fld^2 + 2fl^2d + 2lf^2d. */
  long attention() {
    return spatialAttention() + temporalAttention();
  }

  /** f(4ld^2 + 2lwd). */
  long localAttention() {
    return f * ((4 * l * d * d) + (2 * l * w * d));
  }

  /** 2h(3fw(2d)N + fw(2d)N^2) + 2w(3fh(2d)N + fh(2d)N^2), h = w = sqrt(l). */
  long spatialMamba() {
    long side = side();
    long axis = 2 * side * ((3 * f * side * 2 * d * n) + (f * side * 2 * d * n * n));
    return axis + axis;
  }

  /** 2l(2f(2d)N + f(2d)N^2). */
  long temporalMamba() {
    return 2 * l * ((2 * f * 2 * d * n) + (f * 2 * d * n * n));
  }

  /** The sum of the three terms: 4fld^2 + 2flwd + 32fldN + 12fldN^2. */
  long ours() {
    return localAttention() + spatialMamba() + temporalMamba();
  }

  /** The sum that the paper prints: 4fld^2 + 2flwd + 18fldN + 6fldN^2. */
  long oursAsPrinted() {
    long fld = f * l * d;
    return (4 * fld * d) + (2 * fld * w) + (18 * fld * n) + (6 * fld * n * n);
  }

  /** l + f from which attention costs more than ours: w - 2d + 16N + 6N^2 by the terms. */
  static long crossover(long d, long w, long n) {
    return w - (2 * d) + (16 * n) + (6 * n * n);
  }

  /** The same by the printed sum: w - 2d + 9N + 3N^2. */
  static long crossoverAsPrinted(long d, long w, long n) {
    return w - (2 * d) + (9 * n) + (3 * n * n);
  }

  private long side() {
    long side = Math.round(Math.sqrt((double) l));
    if (side * side != l) {
      throw new IllegalArgumentException("[eq 11] wants a square number of tokens, got " + l);
    }
    return side;
  }
}
