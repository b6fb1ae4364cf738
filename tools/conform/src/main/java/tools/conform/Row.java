package tools.conform;

/**
 * One compared tensor.
 *
 * @param error largest absolute difference over the tensor's largest magnitude; NaN where no number
 *     can be given
 * @param limit the largest error that passes
 * @param remark what else is to be known, or empty
 */
public record Row(String name, double error, double limit, Verdict verdict, String remark) {
  /** What came of the comparison. */
  public enum Verdict {
    OK,
    FAIL,
    /** The file does not hold all that the comparison wants; see the remark. */
    UNCHECKED
  }

  static Row of(String name, double error, double limit) {
    // Not error > limit: an error that is not a number fails.
    return new Row(name, error, limit, error <= limit ? Verdict.OK : Verdict.FAIL, "");
  }

  static Row failure(String name, double limit, String remark) {
    return new Row(name, Double.NaN, limit, Verdict.FAIL, remark);
  }

  Row remarked(String more) {
    return new Row(name, error, limit, verdict, more);
  }

  public boolean failed() {
    return verdict == Verdict.FAIL;
  }

  /** How much of its limit the error uses up, for finding the worst row of a file. */
  double strain() {
    if (failed()) {
      return Double.POSITIVE_INFINITY;
    }
    return limit == 0 ? 0 : error / limit;
  }
}
