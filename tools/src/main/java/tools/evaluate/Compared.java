package tools.evaluate;

import java.util.Locale;

/**
 * A number of this run beside that of another one.
 *
 * @param mine its value here
 * @param other its value there
 * @param low end of the interval of 95 % of mine - other, or null where there is none
 * @param high end of it, or null
 * @param how the interval came about, or why there is none
 */
public record Compared(
    String name, double mine, double other, Double low, Double high, String how) {
  /** Mine less the other one. */
  public double difference() {
    return mine - other;
  }

  /** Whether 0 lies outside of the interval. */
  public boolean excludesZero() {
    return low != null && (low > 0 || high < 0);
  }

  /** What the interval says, in words. */
  public String verdict() {
    if (low == null) {
      return "no interval: " + how;
    }
    return excludesZero() ? "the interval excludes 0" : "the interval holds 0: no difference shown";
  }

  String line() {
    String interval =
        low == null ? "" : String.format(Locale.ROOT, ", 95 %% %.5g to %.5g", low, high);
    return String.format(
        Locale.ROOT,
        "%s: %.6g here, %.6g there, difference %.5g%s; %s",
        name,
        mine,
        other,
        difference(),
        interval,
        verdict());
  }
}
