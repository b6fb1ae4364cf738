package tools.inspect;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import medsora.cost.ModelRuns;
import medsora.cost.ShapeRun;
import medsora.denoiser.DenoiserConfig;
import nn.Outline;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tools.report.Charts;

/** Eq. 11 for growing clips, beside the multiply-adds that a block of the denoiser really has. */
public final class Comparison {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 480;
  private static final List<Integer> FRAMES = List.of(6, 12, 24, 48, 96, 192);
  private static final List<Integer> SIDES = List.of(4, 8, 16, 32, 64);

  private final DenoiserConfig config;

  public Comparison(DenoiserConfig config) {
    this.config = config;
  }

  /** One size of a clip. */
  record Row(Equation11 formula, long counted) {}

  /** The growing frames at the configured grid, then the growing grid at the configured frames. */
  List<Row> frames() {
    return FRAMES.stream().map(f -> row(f, config.grid())).toList();
  }

  List<Row> tokens() {
    return SIDES.stream().map(side -> row(config.frames(), side)).toList();
  }

  private Row row(int frames, int side) {
    Equation11 formula =
        new Equation11(
            frames, (long) side * side, config.hidden(), config.window(), config.stateSize());
    return new Row(formula, counted(frames, side));
  }

  /** The attention, spatial and temporal parts of one block, by counting its kernels. */
  private long counted(int frames, int side) {
    DenoiserConfig larger =
        config.sized(side * config.patch(), 1, frames, Math.min(config.videoFrames(), frames));
    ShapeRun run = ModelRuns.predict(Outline.of(larger::network));
    return run.costs().entrySet().stream()
        .filter(e -> e.getKey().startsWith("blocks.0.") && !e.getKey().contains("adaLN"))
        .mapToLong(e -> e.getValue().total())
        .sum();
  }

  /** Tables and remarks. */
  public List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Eq. 11, operations of one block in G, d=%d w=%d N=%d"
            .formatted(config.hidden(), config.window(), config.stateSize()));
    lines.add("  attention: spatio-temporal self-attention, 8fld^2 + 2fl^2d + 2lf^2d");
    lines.add("  ours: the sum of the terms of Eq. 11, 4fld^2 + 2flwd + 32fldN + 12fldN^2");
    lines.add("  printed: the sum that the paper prints, 4fld^2 + 2flwd + 18fldN + 6fldN^2");
    lines.add("  counted: multiply-adds of a block of this program, modulation not among them");
    lines.add("");
    lines.add(
        "%8s%8s%14s%14s%14s%14s%12s"
            .formatted("f", "l", "attention", "ours", "printed", "counted", "att/counted"));
    frames().forEach(row -> lines.add(line(row)));
    lines.add("");
    tokens().forEach(row -> lines.add(line(row)));
    lines.add("");
    lines.addAll(remarks());
    return lines;
  }

  private static String line(Row row) {
    Equation11 e = row.formula();
    return String.format(
        Locale.ROOT,
        "%8d%8d%14.3f%14.3f%14.3f%14.3f%12.2f",
        e.f(),
        e.l(),
        e.attention() / 1e9,
        e.ours() / 1e9,
        e.oursAsPrinted() / 1e9,
        row.counted() / 1e9,
        (double) e.attention() / row.counted());
  }

  private List<String> remarks() {
    long d = config.hidden();
    long w = config.window();
    long n = config.stateSize();
    Equation11 e = new Equation11(config.frames(), config.tokens(), d, w, n);
    return List.of(
        String.format(
            Locale.ROOT,
            "The printed sum of Eq. 11 is not the sum of its terms. At f=%d, l=%d the terms give"
                + " %,d + %,d + %,d = %,d, the printed sum %,d.",
            e.f(),
            e.l(),
            e.localAttention(),
            e.spatialMamba(),
            e.temporalMamba(),
            e.ours(),
            e.oursAsPrinted()),
        "  spatial Mamba is 24fldN + 8fldN^2 and temporal Mamba 8fldN + 4fldN^2, together 32fldN +"
            + " 12fldN^2; printed are 18fldN + 6fldN^2.",
        String.format(
            Locale.ROOT,
            "By these formulas attention costs more only from l + f > %,d (printed sum: %,d), for"
                + " N^2 = %,d rules them; N = %d is %s l = %d here, though the text calls it"
                + " generally less.",
            Equation11.crossover(d, w, n),
            Equation11.crossoverAsPrinted(d, w, n),
            n * n,
            n,
            n < e.l() ? "less than" : "not less than",
            e.l()),
        "Eq. 11 leaves out the projections into, between and out of the Mamba layers, which are"
            + " most of what is counted.",
        "The scan that runs has no N^2 term: a chunk of q steps costs q(q+1)/2 (N + channels), so"
            + " the counted figures are below the formula's.");
  }

  /** Both charts side by side; a Java without fonts cannot draw their axes and says so. */
  public void draw(Path png) throws IOException {
    Files.createDirectories(png.toAbsolutePath().getParent());
    Charts.write(
        png,
        2 * WIDTH,
        HEIGHT,
        "the table above holds its numbers",
        g -> {
          Charts.paint(g, panel("frames f, at l = " + config.tokens(), frames(), e -> e.f()), 0, 0);
          Charts.paint(
              g, panel("tokens l, at f = " + config.frames(), tokens(), e -> e.l()), WIDTH, 0);
        });
  }

  private static XYChart panel(String axis, List<Row> rows, ToDoubleFunction<Equation11> x) {
    String title = "Operations of one block as the clip grows";
    XYChart chart =
        Charts.logarithmic(WIDTH, HEIGHT, title, axis, "operations", LegendPosition.InsideNW);
    line(chart, "attention (Eq. 11)", rows, x, r -> r.formula().attention(), 0xb03030);
    line(chart, "ours, terms of Eq. 11", rows, x, r -> r.formula().ours(), 0x1f4e9c);
    line(chart, "ours, printed sum", rows, x, r -> r.formula().oursAsPrinted(), 0x7fa3dc);
    line(chart, "ours, counted", rows, x, Row::counted, 0x2d8a4e);
    return chart;
  }

  private static void line(
      XYChart chart,
      String name,
      List<Row> rows,
      ToDoubleFunction<Equation11> x,
      ToDoubleFunction<Row> y,
      int colour) {
    chart
        .addSeries(
            name,
            rows.stream().mapToDouble(r -> x.applyAsDouble(r.formula())).toArray(),
            rows.stream().mapToDouble(y).toArray())
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(new Color(colour))
        .setLineColor(new Color(colour))
        .setLineWidth(2f);
  }
}
