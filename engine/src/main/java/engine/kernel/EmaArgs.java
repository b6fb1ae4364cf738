package engine.kernel;

/** A moving average: average = average * decay + p * oneMinusDecay, each operation rounded. */
public record EmaArgs(float decay, float oneMinusDecay) {
  /** The complement is taken in double and rounded once. */
  public static EmaArgs of(double decay) {
    return new EmaArgs((float) decay, (float) (1 - decay));
  }
}
