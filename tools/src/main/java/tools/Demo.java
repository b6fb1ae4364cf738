package tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.MedSora;
import medsora.Pretrained;
import medsora.RunCheck;
import medsora.audit.SampleModel;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.dino.DinoExtractor;
import medsora.media.Clip;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Intervals;
import medsora.train.Networks;
import medsora.train.VaeObjective;
import medsora.train.manifest.DrawRecord;
import medsora.train.store.RunFolder;
import nn.io.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.explore.ExplorerPage;
import tools.explore.Features;
import tools.program.ClipFormat;
import tools.program.ConfigOptions;
import tools.program.DataOptions;
import tools.program.DinoPretraining;
import tools.program.EmbeddedMotion;
import tools.program.MemoryNeed;
import tools.program.MemoryOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
import tools.program.RunSteps;
import tools.program.SampleSet;
import tools.program.StopSignal;
import tools.program.Training;
import tools.program.Version;
import tools.report.Check;
import tools.report.DemoReport;
import tools.report.Judgement;
import tools.report.Machine;
import tools.report.Opening;
import tools.report.Stopwatch;

/** The whole road: data, autoencoder, denoiser, samples, report. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains a small feature network, autoencoder and denoiser, draws clips, and writes"
          + " report.html with pictures and figures.",
      "First it draws clips from the model that comes with the program. With --data that model is"
          + " trained further on these videos; else a new one is trained on the phantom.",
      "The same options give the same bytes, but for the seconds. A folder that holds a run of the"
          + " same configuration and data is continued."
    })
public final class Demo extends Program {
  private static final double FPS = 6;

  @Mixin DataOptions data;
  @Mixin ConfigOptions config;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "run folder (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "demo");

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "clips to draw (default: ${DEFAULT-VALUE})")
  int count = 4;

  @Option(
      names = "--sample-steps",
      paramLabel = "N",
      description = "steps of DPM-Solver++ to a clip (default: ${DEFAULT-VALUE})")
  int sampleSteps = 20;

  @Option(
      names = "--judged",
      paramLabel = "N",
      description =
          "clips that are drawn in all to be measured, the first --count of them written (default:"
              + " ${DEFAULT-VALUE})")
  int judged = 16;

  @Option(
      names = "--no-align",
      negatable = true,
      description = "align the denoiser with the motion of the clips (default: --align)")
  boolean align = true;

  @Option(
      names = "--no-opening",
      negatable = true,
      description =
          "begin with clips of the model that comes with the program (default: --opening)")
  boolean opening = true;

  @Option(
      names = "--from-scratch",
      description = "with --data: train a new model on the videos instead")
  boolean fromScratch;

  @Mixin MemoryOptions memory;

  private int code;
  private List<String> shown = List.of();
  private final Stopwatch watch = new Stopwatch();
  private final Map<String, String> weights = new LinkedHashMap<>();

  public static void main(String[] args) {
    System.exit(execute(new Demo(), args));
  }

  @Override
  protected void run() throws Exception {
    if (count < 1) {
      throw new IllegalArgumentException("--count wants at least 1, got " + count);
    }
    if (judged < 0) {
      throw new IllegalArgumentException("--judged wants at least 0, got " + judged);
    }
    if (sampleSteps < 1 || sampleSteps > 1000) {
      throw new IllegalArgumentException("--sample-steps wants 1 to 1000, got " + sampleSteps);
    }
    if (fromScratch && !data.isGiven()) {
      throw new IllegalArgumentException("--from-scratch belongs to --data");
    }
    TrainConfig read = configured();
    data.check();
    OutputFolder.ready(out);
    Beginning begun = tuned() ? Beginning.shipped(out) : Beginning.RANDOM;
    RunCheck wrong = new RunCheck(read, out, null, MemoryNeed.announced(read, memory.force));
    wrong.vae(read.vaeTraining().steps(), begun.vae(), Weights.Reading.WHOLE);
    wrong.denoiser(read.denoiserTraining().steps());
    try (StopSignal stop = StopSignal.install();
        RunFolder folder = RunFolder.open(out)) {
      if (opening) {
        shown = Opening.draw(out);
        watch.lap("clips of the shipped model");
      }
      Clips clips = data.open(read);
      watch.lap("data");
      stop.saving();
      boolean whole = train(read, begun, clips, folder, stop);
      stop.saved();
      Config.write(out, read);
      if (whole) {
        report(read, clips);
      } else {
        Output.say("stopped and saved; the same command continues");
        code = stop.exitCode();
      }
    }
  }

  @Override
  protected String standing() {
    return RunSteps.standing(out);
  }

  @Override
  protected int exitCode() {
    return code;
  }

  /** Whether the model that comes with the program is trained further on videos. */
  private boolean tuned() {
    return data.isGiven() && !config.isGiven() && !fromScratch;
  }

  /** A model that is trained further was trained without the alignment. */
  private TrainConfig configured() throws IOException {
    if (tuned()) {
      config.otherwise("fine-tune-64");
      align = false;
    }
    TrainConfig read = config.readFor(out);
    return read.with(read.alignment().enabled(align));
  }

  /**
   * The weights that a demo begins from; null for random ones.
   *
   * @param vae a file
   * @param denoiser a file
   */
  private record Beginning(Path vae, Path denoiser) {
    static final Beginning RANDOM = new Beginning(null, null);

    /** The model that comes with the program, its files below a run folder. */
    static Beginning shipped(Path out) throws IOException {
      Path folder = Files.createDirectories(out.resolve("begun-from"));
      Pretrained.unpack(Pretrained.NAMES.getFirst(), folder);
      return new Beginning(
          RunFolder.checkpoint(folder, VaeObjective.NAME),
          RunFolder.checkpoint(folder, DenoiserObjective.NAME));
    }
  }

  /** All stages; false where the user stopped one. */
  private boolean train(
      TrainConfig read, Beginning begun, Clips clips, RunFolder folder, StopSignal stop)
      throws IOException {
    Networks networks = Networks.NONE;
    if (align) {
      networks = EmbeddedMotion.networks(read, clips, folder, stop);
      watch.lap("flow and features");
    }
    if (stop.getAsBoolean()) {
      return false;
    }
    Training training = new Training(read, clips, networks, folder, stop, Intervals.saving(200));
    weights.put(
        "vae", training.vae(read.vaeTraining().steps(), begun.vae(), Weights.Reading.WHOLE));
    watch.lap("autoencoder");
    if (stop.getAsBoolean()) {
      return false;
    }
    weights.put(
        "denoiser", training.denoiser(read.denoiserTraining().steps(), null, begun.denoiser()));
    watch.lap("denoiser");
    return !stop.getAsBoolean();
  }

  private void report(TrainConfig read, Clips clips) throws Exception {
    MedSora model = MedSora.load(out);
    DemoReport report = new DemoReport(out, read, clips, data.name());
    report.opening(shown);
    report.reconstructions(model.autoencoder());
    watch.lap("reconstructions");
    MemoryNeed.sampling(model, null).announce(memory.force);
    SampleModel loaded = SampleModel.of(model, out.toString(), "", SampleModel.AVERAGED);
    List<Clip> drawn = samples(loaded, read.seed());
    report.samples(drawn.subList(0, count));
    watch.lap("samples");
    ExplorerPage.ofDemo(out.resolve(DemoReport.EXPLORER), model, features(read));
    watch.lap("explorer");
    List<String> distances = judged(report, clips, drawn);
    String words =
        "DPM-Solver++, %d steps, averaged weights, seed %d".formatted(sampleSteps, read.seed());
    report.write(weights, words, count, watch);
    for (Check c : report.checks()) {
      Output.result("%s", String.join("  ", c.cells()));
    }
    distances.forEach(line -> Output.result("%s", line));
    watch.table().forEach((stage, seconds) -> Output.result("%s: %s s", stage, seconds));
    Output.result("most memory held: %s", Machine.peakMemory());
    Output.result("report: %s", out.resolve("report.html"));
    Output.result("weights sha256 %s", weights.get("denoiser"));
  }

  /** Those that the alignment was trained with, or where it was not, the program's own. */
  private Features features(TrainConfig read) throws IOException {
    if (!align) {
      return Features.embedded(read.alignment());
    }
    return new Features(
        DinoExtractor.load(out.resolve(DinoPretraining.FEATURES))
            .frozen(read.alignment(), EmbeddedMotion.ESTIMATOR),
        "a small network that this demo has trained on its own clips, as DINO is trained");
  }

  /** Judges the samples, where there are two of them, and gives lines to print. */
  private List<String> judged(DemoReport report, Clips clips, List<Clip> drawn) {
    int work = Judgement.work(clips, drawn.size());
    if (work == 0) {
      return List.of();
    }
    try (Progress progress = new Progress("judging", work, 0)) {
      List<Clip> shown = drawn.stream().map(Clip::shown).toList();
      Judgement found = Judgement.of(clips, shown, n -> progress.at(n, ""));
      report.judgement(found);
      watch.lap("judgement");
      return found.lines();
    }
  }

  private List<Clip> samples(SampleModel model, long seed) throws Exception {
    DrawRecord.Settings settings =
        new DrawRecord.Settings(
            seed, "dpmpp", 0, sampleSteps, 0, 0, FPS, DrawRecord.Condition.NONE);
    List<Clip> drawn = new ArrayList<>();
    int all = Math.max(count, judged);
    try (Progress progress = new Progress("sampling", (long) all * sampleSteps, 0)) {
      model
          .generator(settings)
          .samples(seed, 0, all, done -> progress.at(done, ""), (clip, n) -> drawn.add(clip));
    }
    SampleSet set = new SampleSet(out, model, settings, List.of(ClipFormat.mp4, ClipFormat.gif));
    for (int i = 0; i < count; i++) {
      set.add(drawn.get(i), i);
    }
    set.finish();
    return drawn;
  }
}
