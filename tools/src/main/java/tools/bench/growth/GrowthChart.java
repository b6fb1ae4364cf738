package tools.bench.growth;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Time above, memory below, a column for each sweep; both axes logarithmic, with fitted lines. */
final class GrowthChart {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 400;
  private static final Color POINTS = new Color(0x1f4e9c);
  private static final Color LINE = new Color(0xb03030);

  private GrowthChart() {}

  /** Draws a png; a Java without fonts cannot draw axes and says so. */
  static void draw(Map<Sweep, List<Measured>> all, Path png) throws IOException {
    try {
      int columns = Math.max(1, all.size());
      BufferedImage image =
          new BufferedImage(columns * WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
      Graphics2D g = image.createGraphics();
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, image.getWidth(), image.getHeight());
      int left = 0;
      for (Map.Entry<Sweep, List<Measured>> e : all.entrySet()) {
        if (!e.getValue().isEmpty()) {
          panel(g, left, 0, "seconds of a step", e.getKey(), e.getValue(), Measured::seconds);
          panel(g, left, HEIGHT, "live MB", e.getKey(), e.getValue(), m -> m.live() / 1e6);
        }
        left += WIDTH;
      }
      g.dispose();
      ImageIO.write(image, "png", png.toFile());
    } catch (RuntimeException | LinkageError e) {
      throw new IOException(
          "no chart, for this Java finds no fonts (Debian: fontconfig, fonts-dejavu-core); the table"
              + " holds its numbers",
          e);
    }
  }

  private static String power(double exponent) {
    return String.format(Locale.ROOT, "%.3g", Math.pow(10, exponent));
  }

  private static void panel(
      Graphics2D g,
      int left,
      int top,
      String what,
      Sweep sweep,
      List<Measured> measured,
      ToDoubleFunction<Measured> of) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(sweep.base())
            .xAxisTitle(sweep.grows())
            .yAxisTitle(what)
            .build();
    chart
        .getStyler()
        .setxAxisTickLabelsFormattingFunction(GrowthChart::power)
        .setyAxisTickLabelsFormattingFunction(GrowthChart::power)
        .setLegendPosition(LegendPosition.InsideNW)
        .setChartBackgroundColor(Color.WHITE);
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
    Graphics2D part = (Graphics2D) g.create(left, top, WIDTH, HEIGHT);
    chart.paint(part, WIDTH, HEIGHT);
    part.dispose();
  }
}
