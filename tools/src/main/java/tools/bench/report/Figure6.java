package tools.bench.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import tools.bench.Row;
import tools.bench.harness.Measurement;
import tools.inspect.PaperModel;
import tools.report.Charts;

/**
 * Figure 6 of the paper as it was measured here: a table for documents and a chart of its panels,
 * operations, parameters and memory, and of the time of a step, which the paper does not draw.
 */
public final class Figure6 {
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;
  private static final int WIDTH = 420;
  private static final int HEIGHT = 380;

  private final Map<PaperModel, Bar> bars = new EnumMap<>(PaperModel.class);

  /**
   * One model.
   *
   * @param counts by formula
   * @param measured its step, or null where it could not be measured
   */
  private record Bar(PaperModel.Counts counts, Measurement measured) {
    double seconds() {
      return measured == null ? 0 : measured.seconds().median();
    }

    double peak() {
      return measured == null ? 0 : measured.peakBytes() / GIGA;
    }
  }

  /**
   * Puts what was measured beside what is counted.
   *
   * @param rows of the models
   * @param all measurements, those of the rows among them
   */
  public Figure6(Map<PaperModel, Row> rows, List<Measurement> all) {
    rows.forEach((model, row) -> {
      Optional<Measurement> own =
          all.stream().filter(m -> m.row().name().equals(row.name())).findFirst();
      bars.put(model, new Bar(model.counts(), own.orElse(null)));
    });
  }

  /** The table as Markdown, and what it says of the paper's claims. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| | parameters, million | prediction, G | step, G | step, s | quartiles apart | resident at"
            + " most, GB | tensors by counting, GB |");
    lines.add("|---|---|---|---|---|---|---|---|");
    bars.forEach((model, bar) -> lines.add(line(model, bar)));
    lines.add("");
    lines.addAll(claims());
    return lines;
  }

  private static String line(PaperModel model, Bar bar) {
    PaperModel.Counts c = bar.counts();
    Measurement m = bar.measured();
    String measured =
        m == null
            ? "not measured | - | -"
            : text("%.2f | %.1f %% | %.2f", bar.seconds(), 100 * m.seconds().spread(), bar.peak());
    return text(
        "| %s | %.2f | %.1f | %.1f | %s | %.2f |",
        model.shown(),
        c.parameters() / MEGA,
        c.prediction() / GIGA,
        c.step() / GIGA,
        measured,
        c.bytes() / GIGA);
  }

  /** Of memory and time; the rest needs no measurement. */
  private List<String> claims() {
    Bar own = bars.get(PaperModel.MEDSORA_B);
    Bar other = bars.get(PaperModel.ENDORA_B);
    if (own.measured() == null || other.measured() == null) {
      return List.of("the paper's claim of memory wants MedSora-B and Endora-B measured");
    }
    return List.of(
        text(
            "The paper: MedSora-B takes less memory than Endora. Here a step's process holds %.2f GB"
                + " against %.2f of Endora-B: %s. Of time, which the paper does not compare: %.2f s"
                + " against %.2f.",
            own.peak(),
            other.peak(),
            own.peak() < other.peak() ? "so it is" : "it is not so",
            own.seconds(),
            other.seconds()));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Draws a png; a Java without fonts cannot draw axes and says so. */
  public void draw(Path png) throws IOException {
    Charts.write(
        png,
        4 * WIDTH,
        HEIGHT,
        "the table holds its numbers",
        g -> {
          Charts.paint(g, panel("multiply-adds of a step, G", b -> b.counts().step() / GIGA), 0, 0);
          Charts.paint(
              g, panel("parameters, million", b -> b.counts().parameters() / MEGA), WIDTH, 0);
          Charts.paint(g, panel("resident at most, GB", Bar::peak), 2 * WIDTH, 0);
          Charts.paint(g, panel("a step, s", Bar::seconds), 3 * WIDTH, 0);
        });
  }

  private CategoryChart panel(String title, ToDoubleFunction<Bar> of) {
    CategoryChart chart =
        new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
    chart.getStyler().setXAxisLabelRotation(45).setLegendVisible(false);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.addSeries(
        title,
        bars.keySet().stream().map(PaperModel::shown).toList(),
        bars.values().stream().map(b -> of.applyAsDouble(b)).toList());
    return chart;
  }
}
