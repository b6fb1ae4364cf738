package tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import medsora.metric.ClipStatistics;

/**
 * One figure beside the bounds that it should lie within.
 *
 * @param name what was measured
 * @param data its value on the data, or NaN where there is none
 * @param value its value on what the model made
 * @param low lowest good value
 * @param high highest good value
 */
public record Check(String name, double data, double value, double low, double high) {
  private static final double MEAN_SLACK = 0.15;
  private static final double[] DEVIATION_RATIO = {0.5, 2};
  private static final double MIN_PSNR = 26;
  private static final List<String> CHANNELS = List.of("red", "green", "blue");

  /** Whether it does. */
  public boolean isGood() {
    return value >= low && value <= high;
  }

  /** Reconstruction of held-out clips, or of training clips where there are none: 26 dB or more. */
  static Check psnr(boolean heldOut, double decibels) {
    String clips = heldOut ? "held-out clips" : "training clips (none is held out)";
    return new Check(
        "PSNR of " + clips + ", dB", Double.NaN, decibels, MIN_PSNR, Double.POSITIVE_INFINITY);
  }

  /** Samples against data: means of channels and their deviations. */
  static List<Check> samples(ClipStatistics data, ClipStatistics samples) {
    List<Check> checks = new ArrayList<>();
    for (int c = 0; c < CHANNELS.size(); c++) {
      double mean = data.means()[c];
      checks.add(
          new Check(
              "mean of " + CHANNELS.get(c),
              mean,
              samples.means()[c],
              mean - MEAN_SLACK,
              mean + MEAN_SLACK));
    }
    for (int c = 0; c < CHANNELS.size(); c++) {
      checks.add(
          ratio(
              "standard deviation of " + CHANNELS.get(c),
              data.deviations()[c],
              samples.deviations()[c],
              DEVIATION_RATIO));
    }
    return checks;
  }

  private static Check ratio(String name, double data, double value, double[] bounds) {
    return new Check(name, data, value, bounds[0] * data, bounds[1] * data);
  }

  /** Cells of a table row. */
  public List<String> cells() {
    String bounds =
        Double.isInfinite(high)
            ? "at least " + text(low)
            : Double.isInfinite(low) ? "at most " + text(high) : text(low) + " to " + text(high);
    return List.of(
        name,
        Double.isNaN(data) ? "" : text(data),
        text(value),
        bounds,
        isGood() ? "ok" : "not ok");
  }

  private static String text(double v) {
    return String.format(Locale.ROOT, "%.4f", v);
  }
}
