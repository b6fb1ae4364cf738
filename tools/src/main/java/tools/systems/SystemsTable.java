package tools.systems;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.io.WholeFile;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import medsora.media.GifWriter;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.ClipSet;
import tools.evaluate.Looks;
import tools.evaluate.Measured;
import tools.report.Html;

/**
 * Systems side by side: as lines of Markdown, as JSON, and as a page with their clips beside each
 * other.
 */
public final class SystemsTable {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Metrics of frames and motion that need no weights, in the order of the columns. */
  private static final List<Looks.Kind> LOOKS =
      List.of(Looks.Kind.FLICKER, Looks.Kind.WARP_ERROR, Looks.Kind.FLOW_LENGTH);

  private static final String NONE = "-";
  private static final double TERA = 1e12;
  private static final double MEGA = 1e6;

  /** Clips of each that the page shows, how large, and how fast. */
  private static final int SHOWN = 4;

  private static final int WIDTH = 192;
  private static final int FPS = 8;

  private final List<Entry> entries;
  private final Budget budget;
  private final Contest.Settings settings;

  /** A table of at least one system. */
  public SystemsTable(List<Entry> entries, Budget budget, Contest.Settings settings) {
    this.entries = List.copyOf(entries);
    this.budget = budget;
    this.settings = settings;
  }

  /** The heads of the columns. */
  private List<String> head() {
    List<String> head = new ArrayList<>();
    head.add("");
    head.add("parameters, million");
    head.add("steps");
    head.add("spent, T");
    head.add("n");
    distances(entries.getFirst()).forEach(m -> head.add(m.quote().judge().metric().shown()));
    LOOKS.forEach(kind -> head.add(kind.shown()));
    head.add("near");
    return head;
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    entries.forEach(e -> rows.add(row(e)));
    rows.add(real(entries.getFirst()));
    return rows;
  }

  private static List<Measured> distances(Entry e) {
    return e.found().result().measured().stream().filter(m -> m.found() != null).toList();
  }

  private static List<String> row(Entry e) {
    Entrant system = e.entrant();
    List<String> row = new ArrayList<>();
    row.add(system.name());
    row.add(text("%.2f + %.2f", e.denoiser() / MEGA, e.vae() / MEGA));
    row.add(
        "%d + %d"
            .formatted(
                system.config().denoiserTraining().steps(), system.config().vaeTraining().steps()));
    row.add(
        text(
            "%.3f + %.3f + %.3f",
            system.work().training() / TERA,
            system.work().encoding() / TERA,
            system.spentOnVae() / TERA));
    row.add(Integer.toString(e.found().sets().generated().count()));
    distances(e).forEach(m -> row.add(distance(m)));
    LOOKS.forEach(kind -> row.add(mean(e, kind, true)));
    row.add(Integer.toString(e.found().seen().copies().copying().belowAll()));
    return row;
  }

  /** The real clips: what no system can be told from. */
  private static List<String> real(Entry e) {
    List<String> row = new ArrayList<>(List.of("real clips", "", "", ""));
    row.add(Integer.toString(e.found().sets().real().count()));
    distances(e).forEach(m -> row.add(floor(m.found())));
    LOOKS.forEach(kind -> row.add(mean(e, kind, false)));
    row.add("");
    return row;
  }

  private static String distance(Measured m) {
    Assessment a = m.found();
    return a.interval() == null
        ? text("%.5f", m.value())
        : text("%.5f (%.5f to %.5f)", m.value(), a.interval().low(), a.interval().high());
  }

  private static String floor(Assessment found) {
    return found.floor() == null
        ? NONE
        : text(
            "floor %.5f (%d:%d)",
            found.floor().value(), found.floor().first(), found.floor().second());
  }

  private static String mean(Entry e, Looks.Kind kind, boolean generated) {
    return e.found().looks().means().stream()
        .filter(mean -> mean.kind() == kind)
        .map(mean -> Looks.figures(generated ? mean.meanOfGenerated() : mean.meanOfReal()))
        .findFirst()
        .orElse(NONE);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** What the figures are of. */
  private List<String> words() {
    ClipSet real = entries.getFirst().found().sets().real();
    return List.of(
        text(
            "Each system was given %.3f T multiply-adds for training, forward and backward: %.3f T for"
                + " its denoiser and the latents that it learns from, each encoded once, and %.3f T for"
                + " its autoencoder, which every system trains from nothing.",
            budget.total() / TERA, budget.denoiser() / TERA, budget.vae() / TERA),
        "%d clips of each, seed %d, DPM-Solver++ in %d steps, averaged weights, against %d clips that were trained on; %s."
            .formatted(
                settings.count(),
                settings.seed(),
                settings.sampleSteps(),
                real.count(),
                size(real)),
        "In brackets the 95 % of draws of the clips with repetition (distances 200, means 1000)."
            + " Parameters and steps: of the denoiser and of the autoencoder; spent: on the denoiser's"
            + " steps, on latents, on the autoencoder. near: clips that are"
            + " nearer to a training clip than any held-out one, or any clip of another video.");
  }

  private static String size(ClipSet real) {
    return "%d frames of %dx%d".formatted(real.rule().frames(), real.width(), real.height());
  }

  /** As Markdown. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("| " + String.join(" | ", head()) + " |");
    lines.add("|" + "---|".repeat(head().size()));
    rows().forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
    lines.add("");
    lines.addAll(words());
    return lines;
  }

  /** Writes compare.md, compare.json, and compare.html with the clips that it shows. */
  public void write(Path out) throws IOException {
    String markdown = String.join("\n", lines()) + "\n";
    WholeFile.write(out.resolve("compare.md"), markdown.getBytes(StandardCharsets.UTF_8));
    WholeFile.write(out.resolve("compare.json"), MAPPER.writeValueAsBytes(json()));
    WholeFile.write(out.resolve("compare.html"), page(out).getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode json() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("budget_multiply_adds", budget.total());
    root.put("count", settings.count());
    root.put("seed", settings.seed());
    root.put("sample_steps", settings.sampleSteps());
    root.put("numeric_contract", NumericContract.VERSION);
    ArrayNode systems = root.putArray("systems");
    for (Entry e : entries) {
      json(systems.addObject(), e);
    }
    return root;
  }

  private static void json(ObjectNode node, Entry e) {
    Entrant system = e.entrant();
    node.put("name", system.name());
    node.put("config", system.config().name());
    node.put("denoiser_parameters", e.denoiser());
    node.put("vae_parameters", e.vae());
    node.put("denoiser_steps", system.config().denoiserTraining().steps());
    node.put("vae_steps", system.config().vaeTraining().steps());
    node.put("denoiser_step_multiply_adds", system.costs().denoiser());
    node.put("vae_step_multiply_adds", system.costs().vae());
    node.put("clip_multiply_adds", system.costs().clip());
    node.put("window_multiply_adds", system.costs().window());
    node.put("encoding_multiply_adds", system.work().encoding());
    node.put("spent_multiply_adds", system.spent());
    node.put("n", e.found().sets().generated().count());
    node.put("n_real", e.found().sets().real().count());
    node.put("near", e.found().seen().copies().copying().belowAll());
    ObjectNode numbers = node.putObject("numbers");
    for (Measured m : distances(e)) {
      ObjectNode of = numbers.putObject(m.quote().judge().metric().shown()).put("value", m.value());
      if (m.found().interval() != null) {
        of.put("low", m.found().interval().low()).put("high", m.found().interval().high());
      }
    }
    for (Looks.Mean mean : e.found().looks().means()) {
      numbers
          .putObject(mean.kind().key())
          .put("value", mean.meanOfGenerated().mean())
          .put("low", mean.meanOfGenerated().low())
          .put("high", mean.meanOfGenerated().high());
    }
  }

  private String page(Path out) throws IOException {
    Html page = new Html("Systems side by side");
    words().forEach(page::paragraph);
    page.table("the systems side by side", head(), rows());
    page.heading("Clips");
    page.paragraph("The first clips of each, not chosen; real ones above.");
    clips(page, out, "real", entries.getFirst().found().sets().real());
    for (Entry e : entries) {
      clips(page, out, e.entrant().name(), e.found().sets().generated());
    }
    page.heading("More of each system");
    for (Entry e : entries) {
      page.link(e.entrant().name() + "/evaluation/report.html");
    }
    return page.toString();
  }

  private static void clips(Html page, Path out, String name, ClipSet set) throws IOException {
    Files.createDirectories(out.resolve("pictures"));
    page.row();
    for (int i = 0; i < Math.min(SHOWN, set.count()); i++) {
      String file = "pictures/%s-%d.gif".formatted(name, i);
      GifWriter.write(out.resolve(file), set.clip(i).at(FPS));
      page.picture(file, "%s, clip %d".formatted(name, i), WIDTH);
    }
    page.endRow();
  }
}
