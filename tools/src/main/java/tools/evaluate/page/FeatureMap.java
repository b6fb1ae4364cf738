package tools.evaluate.page;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.PrincipalAxes;
import medsora.metric.protocol.ClipSet;
import tools.evaluate.Evaluated;
import tools.report.Drawing;

/** Real and generated clips on the two axes along which their features spread most. */
final class FeatureMap {
  /** More points of a set than these cover each other, and make the page large. */
  private static final int MOST = 1000;

  private static final double MARGIN = 0.05;

  private FeatureMap() {}

  /** The map as SVG. */
  static String drawn(Evaluated found) {
    FeatureRows real = first(found.map().real());
    FeatureRows generated = first(found.map().generated());
    PrincipalAxes axes = PrincipalAxes.of(real, generated);
    Drawing drawing =
        new Drawing(
            "Map of the features of real and generated clips",
            new String[] {label(axes, 0), label(axes, 1)},
            range(axes.points(), p -> p[0]),
            range(axes.points(), p -> p[1]));
    drawing.legend("real clips", "generated clips");
    for (int i = 0; i < axes.points().size(); i++) {
      boolean isGenerated = i >= real.count();
      ClipSet set = isGenerated ? found.sets().generated() : found.sets().real();
      String name = set.name(isGenerated ? i - real.count() : i);
      double[] p = axes.points().get(i);
      drawing.point(p[0], p[1], isGenerated, set.role() + " " + name);
    }
    return drawing.toString();
  }

  /** What is on it, in words. */
  static String words(Evaluated found) {
    int most = Math.max(found.map().real().count(), found.map().generated().count());
    return "Features: %s. Each point is a clip; pointing at it shows its name.%s"
        .formatted(
            found.map().name(),
            most > MOST ? " Of a larger set the first " + MOST + " are shown." : "");
  }

  private static FeatureRows first(FeatureRows rows) {
    int n = Math.min(MOST, rows.count());
    return rows.pick(IntStream.range(0, n).toArray());
  }

  private static String label(PrincipalAxes axes, int axis) {
    return String.format(
        Locale.ROOT,
        "principal axis %d (%.1f %% of the variance)",
        axis + 1,
        100 * axes.shares()[axis]);
  }

  private static double[] range(List<double[]> points, ToDoubleFunction<double[]> value) {
    double[] all = points.stream().mapToDouble(value).sorted().toArray();
    double low = all[0];
    double high = all[all.length - 1];
    double margin = MARGIN * (high - low);
    return new double[] {low - margin, high + margin};
  }
}
