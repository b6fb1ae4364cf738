package engine.kernel;

/**
 * A moving average of p in one of two forms.
 *
 * @param form which
 * @param decay d, read by {@link Form#WEIGHTED} alone
 * @param oneMinusDecay 1 - d
 */
public record EmaArgs(Form form, float decay, float oneMinusDecay) {
  /** How an average moves; the two differ in their last bits (numeric contract N15). */
  public enum Form {
    /**
     * average = average * d + p * (1 - d), each operation rounded: PyTorch's usual two lines. Both
     * factors are rounded, and where they do not add up to 1 the average grows or shrinks: at d =
     * 0.9999 by 1.66e-8 of itself a step, up to 1.6e-4 in all.
     */
    WEIGHTED,

    /**
     * average = fma(p - average, 1 - d, average), the difference rounded, then the whole: an
     * average of equal values is that value.
     */
    INCREMENTAL
  }

  /** The complement is taken in double and rounded once. */
  public static EmaArgs of(Form form, double decay) {
    return new EmaArgs(form, (float) decay, (float) (1 - decay));
  }

  /** Whether the form is {@link Form#INCREMENTAL}. */
  public boolean incremental() {
    return form == Form.INCREMENTAL;
  }
}
