package tools.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Charts side by side in one picture. */
public final class Charts {
  private Charts() {}

  /**
   * Writes a png.
   *
   * @param otherwise what holds the numbers where a Java without fonts cannot draw axes
   * @throws IOException also for such a Java
   */
  public static void write(
      Path png, int width, int height, String otherwise, Consumer<Graphics2D> work)
      throws IOException {
    try {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D g = image.createGraphics();
      work.accept(g);
      g.dispose();
      ImageIO.write(image, "png", png.toFile());
    } catch (RuntimeException | LinkageError e) {
      throw new IOException(
          "no chart, for this Java finds no fonts (Debian: fontconfig, fonts-dejavu-core); "
              + otherwise,
          e);
    }
  }

  /** A chart without lines, on white. */
  public static XYChart empty(
      int width, int height, String title, String x, String y, LegendPosition legend) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setLegendPosition(legend).setChartBackgroundColor(Color.WHITE);
    return chart;
  }

  /** The same with both axes logarithmic. */
  public static XYChart logarithmic(
      int width, int height, String title, String x, String y, LegendPosition legend) {
    XYChart chart = empty(width, height, title, x, y, legend);
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    return chart;
  }

  /** Paints a chart in its own size. */
  public static void paint(Graphics2D g, Chart<?, ?> chart, int left, int top) {
    Graphics2D part = (Graphics2D) g.create(left, top, chart.getWidth(), chart.getHeight());
    chart.paint(part, chart.getWidth(), chart.getHeight());
    part.dispose();
  }
}
