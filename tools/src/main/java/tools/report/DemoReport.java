package tools.report;

import engine.io.WholeFile;
import engine.kernel.Backends;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import medsora.Autoencoder;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.metric.ClipStatistics;
import medsora.metric.FrameQuality;
import medsora.train.Clips;
import tools.program.Output;
import tools.program.Version;

/**
 * Measures what a demo run made and writes it down: contact.png and report.html, beside the
 * samples, checkpoints and manifest in the run folder.
 */
public final class DemoReport {
  /** The page that shows the model at work, where there is one. */
  public static final String EXPLORER = "explorer.html";

  private static final int SHOWN = 2;
  private static final int MEASURED = 8;

  private final Path folder;
  private final TrainConfig config;
  private final Clips clips;
  private final String dataName;
  private final List<Check> checks = new ArrayList<>();
  private final List<Clip> rows = new ArrayList<>();
  private Judgement judgement;
  private List<String> opening = List.of();

  /**
   * @param dataName what the data is called
   */
  public DemoReport(Path folder, TrainConfig config, Clips clips, String dataName) {
    this.folder = folder;
    this.config = config;
    this.clips = clips;
    this.dataName = dataName;
  }

  /** Shows clips of the model that comes with the program, named without their endings. */
  public void opening(List<String> clips) {
    opening = List.copyOf(clips);
  }

  /** What was checked so far. */
  public List<Check> checks() {
    return List.copyOf(checks);
  }

  /** Sends held-out clips (training clips where none is held out) through the autoencoder. */
  public void reconstructions(Autoencoder autoencoder) {
    boolean held = clips.heldOutClips() > 0;
    int first = held ? clips.trainingClips() : 0;
    int count = Math.min(MEASURED, held ? clips.heldOutClips() : clips.trainingClips());
    double sum = 0;
    for (int i = 0; i < count; i++) {
      Clip before = clip(first + i);
      Clip after = autoencoder.reconstruct(before).shown();
      List<byte[]> a = before.frames();
      for (int t = 0; t < a.size(); t++) {
        sum += FrameQuality.squaredError(a.get(t), after.frames().get(t)) / a.size();
      }
      if (i < SHOWN) {
        rows.add(before);
        rows.add(after);
      }
    }
    checks.add(Check.psnr(held, FrameQuality.psnr(sum / count)));
  }

  private Clip clip(int number) {
    return clips.video(number, 0, false);
  }

  /** Compares samples with the training clips and puts them on the contact sheet. */
  public void samples(List<Clip> samples) {
    List<Clip> data = IntStream.range(0, clips.trainingClips()).mapToObj(this::clip).toList();
    List<Clip> shown = samples.stream().map(Clip::shown).toList();
    checks.addAll(Check.samples(ClipStatistics.of(data), ClipStatistics.of(shown)));
    rows.addAll(shown);
  }

  /** Puts down what the samples are worth. */
  public void judgement(Judgement found) {
    judgement = found;
    checks.addAll(found.checks());
  }

  /**
   * Writes all files.
   *
   * @param weights hashes of the weights by stage
   * @param sampling how the samples were drawn, in words
   */
  public void write(Map<String, String> weights, String sampling, int samples, Stopwatch watch)
      throws IOException {
    PngWriter.contactSheet(folder.resolve("contact.png"), rows);
    watch.lap("report");
    WholeFile.write(
        folder.resolve("report.html"),
        html(weights, sampling, samples, watch).getBytes(StandardCharsets.UTF_8));
  }

  private String html(Map<String, String> weights, String sampling, int samples, Stopwatch watch)
      throws IOException {
    Html page = new Html("MedSora demo: " + dataName);
    page.paragraph(
        Output.count(clips.trainingClips(), "clip")
            + " for training, "
            + clips.heldOutClips()
            + " held out, "
            + config.data().size()
            + " pixels. Samples: "
            + sampling
            + ".");
    page.heading("Samples");
    page.row();
    for (int i = 0; i < samples; i++) {
      page.picture("sample-" + i + ".gif", "sample " + i, 3 * config.data().size());
    }
    page.endRow();
    for (int i = 0; i < samples; i++) {
      page.link("sample-" + i + ".mp4");
    }
    if (Files.exists(folder.resolve(EXPLORER))) {
      page.heading("The model at work");
      page.paragraph(
          "Eight stations show how this very model makes a clip, from pixels to the loss and back,"
              + " with its own numbers; the page wants no network.");
      page.link(EXPLORER);
    }
    page.heading("Data, reconstruction, samples");
    page.picture(
        "contact.png",
        "pairs of rows: a clip of the data and its reconstruction; then one row per sample",
        0);
    page.heading("Figures; colours on the scale from -1 to 1");
    page.table(
        "Figures of the samples",
        List.of("", "data or held-out clips", "measured", "wanted", ""),
        checks.stream().map(Check::cells).toList());
    if (judgement != null) {
      page.heading("Frechet distances by the networks that come with the program");
      page.table("Frechet distances", judgement.heads(), judgement.rows());
      page.paragraph(
          "Neither FID nor FVD, and comparable with neither. So few clips give values that are too"
              + " large: compare with those of the held-out clips, and with runs of the same"
              + " numbers of clips. Networks: "
              + String.join("; ", judgement.networks())
              + ".");
    }
    if (!opening.isEmpty()) {
      page.heading("The model that comes with the program, trained for longer on the phantom");
      page.row();
      for (String clip : opening) {
        page.picture(clip + ".gif", clip, 3 * config.data().size());
      }
      page.endRow();
    }
    page.heading("Training");
    page.row();
    LossChart.of(folder.resolve("metrics.jsonl"))
        .forEach((stage, chart) ->
            page.drawing(chart, "loss of the " + stage + ": each step faint, running mean"));
    page.endRow().link("metrics.jsonl");
    page.heading("Seconds");
    page.table("Seconds of the stages", watch.table());
    page.paragraph("Most memory held (VmHWM): " + Machine.peakMemory());
    page.heading("Machine");
    page.table("The machine", Machine.describe());
    page.heading("What was run");
    page.table("Hashes and versions", hashes(weights));
    page.code(Config.yaml(config)).link(Config.FILE).link("manifest.json");
    return page.toString();
  }

  private Map<String, String> hashes(Map<String, String> weights) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("data sha256", clips.sha256());
    weights.forEach((stage, hash) -> all.put(stage + " weights sha256", hash));
    all.put("seed", Long.toString(config.seed()));
    all.put("version", Version.number());
    all.put("numeric contract", NumericContract.VERSION + ", " + Backends.fidelity());
    return all;
  }
}
