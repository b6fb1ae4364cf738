package tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A range of values along a stretch of a drawing, with a few round values on it.
 *
 * @param low value at its begin
 * @param high value at its end, above low
 * @param from place of its begin in the drawing
 * @param to place of its end
 */
record Axis(double low, double high, double from, double to) {
  private static final int MOST_TICKS = 6;

  /** A range that is empty, or no range at all, is made one. */
  static Axis of(double low, double high, double from, double to) {
    boolean range = Double.isFinite(low) && Double.isFinite(high) && high > low;
    return range ? new Axis(low, high, from, to) : new Axis(0, 1, from, to);
  }

  /** The place of a value. */
  double at(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  /** The place of a value as text of a drawing. */
  String place(double value) {
    return number(at(value));
  }

  /** Multiples of 1, 2 or 5 times a power of 10 within the range. */
  List<Double> ticks() {
    double step = step();
    List<Double> ticks = new ArrayList<>();
    for (long k = (long) Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
      ticks.add(k * step);
    }
    return ticks;
  }

  private double step() {
    double power = StrictMath.pow(10, Math.floor(StrictMath.log10((high - low) / MOST_TICKS)));
    for (int factor : new int[] {1, 2, 5}) {
      if ((high - low) / (factor * power) <= MOST_TICKS) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** A tick's label, with as many digits as the step has. */
  String label(double tick) {
    double step = step();
    int digits = Math.max(0, (int) -Math.floor(StrictMath.log10(step) + 1e-9));
    return digits > 6 || Math.abs(tick) >= 1e6
        ? String.format(Locale.ROOT, "%.3g", tick)
        : String.format(Locale.ROOT, "%." + digits + "f", tick + 0.0);
  }

  /** A place as text. */
  static String number(double place) {
    return String.format(Locale.ROOT, "%.2f", place);
  }
}
