package tools.accuracy;

/** What was found of one function so far. Errors are in units in the last place. */
final class Tally {
  private static final double LARGEST_FLOAT = Float.MAX_VALUE;

  private final Measured f;
  private long inputs;
  private long normal;
  private long correct;
  private double largest;
  private float at = Float.NaN;
  private double largestDenormal;
  private long wrong;
  private float firstWrong = Float.NaN;

  Tally(Measured f) {
    this.f = f;
  }

  /** Counts one argument. */
  void add(float x) {
    inputs++;
    float got = f.function().apply(x);
    if (x < f.flushBelow()) {
      expect(got == 0f, x);
      return;
    }
    if (Math.abs(x) > f.limit()) {
      expect(Float.isNaN(got), x);
      return;
    }
    double want = f.exact().applyAsDouble(x);
    float rounded = (float) want;
    double size = Math.abs(want);
    if (Double.isNaN(want)) {
      expect(Float.isNaN(got), x);
    } else if (f.absolute()) {
      if (Float.isInfinite(x)) {
        expect(got == rounded, x);
      } else {
        compare(x, got, want, rounded, Math.max(1f, Math.abs(x)));
      }
    } else if (size > LARGEST_FLOAT || Float.isInfinite(got)) {
      // At the very end of the range the largest number and infinity are equally near.
      expect(got == rounded || Math.abs((double) got - want) <= Math.ulp(Float.MAX_VALUE), x);
    } else if (size >= Float.MIN_NORMAL) {
      compare(x, got, want, rounded, rounded);
    } else {
      double error = Math.abs(got - want) / Float.MIN_VALUE;
      largestDenormal = Math.max(largestDenormal, error);
      expect(!Float.isNaN(got), x);
    }
  }

  private void compare(float x, float got, double want, float rounded, float unit) {
    normal++;
    correct += got == rounded ? 1 : 0;
    double error = Math.abs(got - want) / Math.ulp(unit);
    if (!(error <= largest)) {
      largest = error;
      at = x;
    }
  }

  private void expect(boolean holds, float x) {
    if (!holds) {
      firstWrong = wrong == 0 ? x : firstWrong;
      wrong++;
    }
  }

  /** Adds what another tally of the same function found. */
  Tally join(Tally other) {
    normal += other.normal;
    correct += other.correct;
    return joinEnds(other);
  }

  /** As {@link #join}, but for arguments that lie too densely to count in the share. */
  Tally joinEnds(Tally other) {
    inputs += other.inputs;
    largestDenormal = Math.max(largestDenormal, other.largestDenormal);
    if (!(other.largest <= largest)) {
      largest = other.largest;
      at = other.at;
    }
    firstWrong = wrong == 0 ? other.firstWrong : firstWrong;
    wrong += other.wrong;
    return this;
  }

  Finding finding() {
    double share = normal == 0 ? Double.NaN : (double) correct / normal;
    return new Finding(
        f.name(),
        f.absolute() ? "ulp of max(1, |x|)" : "ulp",
        inputs,
        normal,
        largest,
        at,
        share,
        largestDenormal,
        wrong,
        firstWrong);
  }
}
