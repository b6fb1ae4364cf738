package tools.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import medsora.train.store.MetricsLog;
import medsora.train.store.StepReport;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The curves of metrics.jsonl as one picture: a chart per stage, each loss and its running mean.
 */
public final class LossChart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 420;

  private LossChart() {}

  /** Losses of a stage by step. */
  private record Curve(List<Double> steps, List<Double> losses) {
    Curve() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    /** The mean over the steps around each one, a twentieth of all. */
    List<Double> smooth() {
      int reach = Math.max(1, losses.size() / 40);
      List<Double> out = new ArrayList<>();
      for (int i = 0; i < losses.size(); i++) {
        int from = Math.max(0, i - reach);
        int to = Math.min(losses.size(), i + reach + 1);
        out.add(losses.subList(from, to).stream().mapToDouble(v -> v).average().orElseThrow());
      }
      return out;
    }
  }

  /** Draws a png. */
  public static void write(Path metrics, Path png) throws IOException {
    Map<String, Curve> curves = read(metrics);
    BufferedImage all =
        new BufferedImage(WIDTH * Math.max(1, curves.size()), HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = all.createGraphics();
    int x = 0;
    for (Map.Entry<String, Curve> e : curves.entrySet()) {
      g.drawImage(picture(e.getKey(), e.getValue()), x, 0, null);
      x += WIDTH;
    }
    g.dispose();
    ImageIO.write(all, "png", png.toFile());
  }

  private static Map<String, Curve> read(Path metrics) throws IOException {
    Map<String, Curve> curves = new LinkedHashMap<>();
    for (StepReport report : MetricsLog.read(metrics).steps()) {
      Curve c = curves.computeIfAbsent(report.stage(), s -> new Curve());
      c.steps().add((double) report.step());
      c.losses().add(report.loss());
    }
    return curves;
  }

  private static BufferedImage picture(String stage, Curve curve) {
    try {
      return chart(stage, curve);
    } catch (RuntimeException | LinkageError e) {
      // A Java without fonts cannot write axes; the curve itself needs none.
      return bare(curve);
    }
  }

  private static BufferedImage chart(String stage, Curve curve) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("loss of the " + stage)
            .xAxisTitle("step")
            .yAxisTitle("loss")
            .build();
    chart.getStyler().setXAxisMaxLabelCount(8).setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    line(chart, "each step", curve.steps(), curve.losses(), new Color(0xc8d4e8), 1f);
    line(chart, "running mean", curve.steps(), curve.smooth(), new Color(0x1f4e9c), 2f);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    chart.paint(g, WIDTH, HEIGHT);
    g.dispose();
    return image;
  }

  private static void line(
      XYChart chart, String name, List<Double> x, List<Double> y, Color colour, float width) {
    chart
        .addSeries(name, x, y)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(colour)
        .setLineWidth(width);
  }

  private static BufferedImage bare(Curve curve) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    g.setColor(new Color(0x1f4e9c));
    g.setStroke(new BasicStroke(2));
    List<Double> y = curve.smooth();
    double top = y.stream().mapToDouble(v -> v).max().orElse(1);
    for (int i = 1; i < y.size(); i++) {
      g.drawLine(
          (i - 1) * (WIDTH - 1) / Math.max(1, y.size() - 1),
          (int) ((HEIGHT - 1) * (1 - (y.get(i - 1) / top))),
          i * (WIDTH - 1) / Math.max(1, y.size() - 1),
          (int) ((HEIGHT - 1) * (1 - (y.get(i) / top))));
    }
    g.dispose();
    return image;
  }
}
