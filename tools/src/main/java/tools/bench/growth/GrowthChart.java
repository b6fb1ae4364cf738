package tools.bench.growth;

import java.awt.Color;
import java.awt.Graphics2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tools.report.Charts;

/** Time above, memory below, a column for each sweep; both axes logarithmic, with fitted lines. */
final class GrowthChart {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 400;
  private static final Color POINTS = new Color(0x1f4e9c);
  private static final Color LINE = new Color(0xb03030);

  private GrowthChart() {}

  /** Draws a png; a Java without fonts cannot draw axes and says so. */
  static void draw(Map<Sweep, List<Measured>> all, Path png) throws IOException {
    int width = Math.max(1, all.size()) * WIDTH;
    Charts.write(png, width, 2 * HEIGHT, "the table holds its numbers", g -> paint(all, g, width));
  }

  private static void paint(Map<Sweep, List<Measured>> all, Graphics2D g, int width) {
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, 2 * HEIGHT);
    int left = 0;
    for (Map.Entry<Sweep, List<Measured>> e : all.entrySet()) {
      Sweep sweep = e.getKey();
      List<Measured> measured = e.getValue();
      if (!measured.isEmpty()) {
        Charts.paint(g, panel("seconds of a step", sweep, measured, Measured::seconds), left, 0);
        Charts.paint(g, panel("live MB", sweep, measured, m -> m.live() / 1e6), left, HEIGHT);
      }
      left += WIDTH;
    }
  }

  private static String power(double exponent) {
    return String.format(Locale.ROOT, "%.3g", Math.pow(10, exponent));
  }

  private static XYChart panel(
      String what, Sweep sweep, List<Measured> measured, ToDoubleFunction<Measured> of) {
    XYChart chart =
        Charts.empty(WIDTH, HEIGHT, sweep.base(), sweep.grows(), what, LegendPosition.InsideNW);
    chart
        .getStyler()
        .setxAxisTickLabelsFormattingFunction(GrowthChart::power)
        .setyAxisTickLabelsFormattingFunction(GrowthChart::power);
    // Logarithms on plain axes: a logarithmic axis is labelled at whole decades alone.
    double[] x = measured.stream().mapToDouble(m -> Math.log10(sweep.size(m.point()))).toArray();
    double[] values = measured.stream().mapToDouble(m -> Math.log10(of.applyAsDouble(m))).toArray();
    XYSeries points = chart.addSeries("measured", x, values);
    points.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(POINTS).setLineStyle(SeriesLines.NONE);
    if (measured.size() > 1) {
      Fit fit = sweep.fit(measured, of);
      String name = String.format(Locale.ROOT, "power of %.2f", fit.exponent());
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        y[i] = Math.log10(fit.at(Math.pow(10, x[i])));
      }
      chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE).setLineColor(LINE);
    }
    return chart;
  }
}
