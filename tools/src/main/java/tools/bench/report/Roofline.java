package tools.bench.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tools.bench.Ceiling;
import tools.bench.Row;
import tools.bench.Unit;
import tools.bench.harness.Measurement;
import tools.report.Charts;

/**
 * Two panels. Left the roofline (Williams, Waterman, Patterson, 2009): multiply-adds per second
 * over multiply-adds per byte, under the roof min(peak, intensity * bandwidth). Right the rows that
 * are judged by bytes: their bandwidth over the bytes of one repetition, beside that of a copy and
 * of a triad.
 */
public final class Roofline {
  private static final int WIDTH = 820;
  private static final int HEIGHT = 560;
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;
  private static final int ROOF_POINTS = 64;
  private static final int ROOF = 0x444444;
  private static final int SECOND_ROOF = 0xaaaaaa;

  private final List<Measurement> all;

  public Roofline(List<Measurement> all) {
    this.all = all;
  }

  /** Families as they are drawn. */
  private enum Look {
    PRODUCT("matrix products", 0x1f4e9c, SeriesMarkers.CIRCLE),
    CONVOLUTION("convolutions", 0xb03030, SeriesMarkers.SQUARE),
    SCAN("sequences", 0x2d8a4e, SeriesMarkers.DIAMOND),
    TOKEN("norms", 0x8a5a2d, SeriesMarkers.TRIANGLE_UP),
    POINTWISE("elementwise", 0x7a3f9c, SeriesMarkers.TRIANGLE_DOWN),
    MODEL("models", 0xd08000, SeriesMarkers.CROSS);

    private final String words;
    private final Color colour;
    private final Marker marker;

    Look(String words, int colour, Marker marker) {
      this.words = words;
      this.colour = new Color(colour);
      this.marker = marker;
    }
  }

  /** Draws a png; a Java without fonts cannot draw axes and says so. */
  public void draw(Path png) throws IOException {
    Charts.write(
        png,
        2 * WIDTH,
        HEIGHT,
        "the table holds its numbers",
        g -> {
          Charts.paint(g, products(), 0, 0);
          Charts.paint(g, bandwidths(), WIDTH, 0);
        });
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart = Charts.logarithmic(WIDTH, HEIGHT, title, x, y, LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(org.knowm.xchart.style.Styler.LegendLayout.Horizontal);
    return chart;
  }

  private XYChart products() {
    XYChart chart = chart("Roofline", "multiply-adds per byte", "multiply-adds per second, in G");
    List<Measurement> drawn = rows(m -> m.work().unit() == Unit.MULTIPLY_ADDS);
    double copy = ceiling(Ceiling.Kind.COPY);
    ceilings(Ceiling.Kind.FMA).forEach(m -> roof(chart, m.row().name(), m.rate(), copy, drawn));
    points(chart, drawn, Roofline::intensity);
    return chart;
  }

  private XYChart bandwidths() {
    XYChart chart = chart("Bandwidth", "MB moved by one repetition", "GB per second");
    List<Measurement> drawn = rows(m -> m.work().unit() == Unit.BYTES);
    double low = drawn.stream().mapToDouble(m -> m.work().bytes() / MEGA).min().orElse(1);
    double high = drawn.stream().mapToDouble(m -> m.work().bytes() / MEGA).max().orElse(100);
    double[] x = {low / 2, high * 2};
    flat(chart, Ceiling.Kind.COPY, x, ROOF);
    flat(chart, Ceiling.Kind.TRIAD, x, SECOND_ROOF);
    points(chart, drawn, m -> m.work().bytes() / MEGA);
    return chart;
  }

  private List<Measurement> rows(Predicate<Measurement> which) {
    return all.stream().filter(m -> m.row().family() != Row.Family.CEILING).filter(which).toList();
  }

  private List<Measurement> ceilings(Ceiling.Kind kind) {
    return all.stream()
        .filter(m -> m.row().operation() instanceof Ceiling c && c.kind() == kind)
        .toList();
  }

  private double ceiling(Ceiling.Kind kind) {
    return ceilings(kind).getLast().rate();
  }

  private static double intensity(Measurement m) {
    return (double) m.work().multiplyAdds() / m.work().bytes();
  }

  /** min(peak, intensity * bandwidth) over all intensities that occur. */
  private static void roof(
      XYChart chart, String name, double peak, double copy, List<Measurement> drawn) {
    double low = drawn.stream().mapToDouble(Roofline::intensity).min().orElse(1) / 2;
    double high = drawn.stream().mapToDouble(Roofline::intensity).max().orElse(100) * 2;
    double[] x = new double[ROOF_POINTS];
    double[] y = new double[ROOF_POINTS];
    for (int i = 0; i < ROOF_POINTS; i++) {
      x[i] = low * Math.pow(high / low, i / (ROOF_POINTS - 1.0));
      y[i] = Math.min(peak, x[i] * copy) / GIGA;
    }
    line(chart, words(name, peak), x, y, name.endsWith("-1") ? SECOND_ROOF : ROOF);
  }

  private void flat(XYChart chart, Ceiling.Kind kind, double[] x, int colour) {
    double rate = ceiling(kind);
    String name = ceilings(kind).getLast().row().name();
    line(chart, words(name, rate), x, new double[] {rate / GIGA, rate / GIGA}, colour);
  }

  private static String words(String name, double rate) {
    return String.format(Locale.ROOT, "%s %.1f G/s", name, rate / GIGA);
  }

  private static void line(XYChart chart, String name, double[] x, double[] y, int colour) {
    chart
        .addSeries(name, x, y)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(new Color(colour))
        .setLineWidth(2f);
  }

  private static void points(
      XYChart chart, List<Measurement> drawn, ToDoubleFunction<Measurement> x) {
    for (Look look : Look.values()) {
      List<Measurement> own =
          drawn.stream().filter(m -> m.row().family().name().equals(look.name())).toList();
      if (!own.isEmpty()) {
        chart
            .addSeries(
                look.words,
                own.stream().mapToDouble(x).toArray(),
                own.stream().mapToDouble(m -> m.rate() / GIGA).toArray())
            .setXYSeriesRenderStyle(org.knowm.xchart.XYSeries.XYSeriesRenderStyle.Scatter)
            .setMarker(look.marker)
            .setMarkerColor(look.colour);
      }
    }
  }
}
