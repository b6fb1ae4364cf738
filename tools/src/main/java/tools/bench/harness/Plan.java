package tools.bench.harness;

/**
 * How long a row is measured.
 *
 * @param warmUp at most so many seconds until its times are stable, and at least a third of them
 * @param measure about so many seconds of samples
 * @param least samples, where one takes less than {@link #LONG} seconds
 * @param most samples
 * @param total seconds after which the rest of a run takes the fewest samples, 0 for never
 */
public record Plan(double warmUp, double measure, int least, int most, double total) {
  public static final Plan FULL = new Plan(12, 4, 7, 31, 0);

  /** Ends well within a minute on a machine that is half as fast as expected. */
  public static final Plan QUICK = new Plan(2, 1.5, 3, 9, 30);

  /** A sample of so many seconds needs no company: what disturbs it is averaged within it. */
  private static final double LONG = 20;

  private static final int FEWEST_LONG = 2;

  /** Seconds of warm-up that are left to a row. */
  double warmUp(double elapsed) {
    return isLate(elapsed) ? 0 : warmUp;
  }

  /**
   * Whether a row has samples enough.
   *
   * @param spent seconds that they took together
   * @param elapsed seconds since the run began
   */
  boolean isEnough(int samples, double spent, double elapsed) {
    if (samples == 0) {
      return false;
    }
    boolean isLong = spent / samples > LONG;
    int wanted = isLate(elapsed) ? 1 : isLong ? FEWEST_LONG : least;
    return samples >= most || (samples >= wanted && (spent >= measure || isLate(elapsed)));
  }

  private boolean isLate(double elapsed) {
    return total > 0 && elapsed > total;
  }
}
