package tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import engine.io.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.MedSora;
import medsora.RunCheck;
import medsora.align.AlignmentConfig;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.metric.ClipStatistics;
import medsora.metric.FlowConsistency;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Intervals;
import medsora.train.Networks;
import medsora.train.Stage;
import medsora.train.store.Checkpoint;
import medsora.train.store.InitialWeights;
import medsora.train.store.RunFolder;
import nn.io.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.program.ConfigOptions;
import tools.program.DataOptions;
import tools.program.EmbeddedMotion;
import tools.program.MemoryNeed;
import tools.program.MemoryOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
import tools.program.StopSignal;
import tools.program.Training;
import tools.program.Version;

/** Trains twice, with a part of the method and without it, and compares. */
@Command(
    name = "ablate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains the denoiser with a part of the method and without it, from the same weights, draws"
          + " and autoencoder, and prints how both do on held-out clips and in samples,"
          + " whichever way it falls.",
      "Writes ablation.json and samples.png. A folder that holds the runs is continued."
    })
public final class Ablate extends Program {
  /** What is taken away. */
  enum Part {
    /** The alignment of the denoiser's features with those of optical flow. */
    align
  }

  @Parameters(paramLabel = "PART", description = "what is taken away: ${COMPLETION-CANDIDATES}")
  Part part;

  @Mixin ConfigOptions config;
  @Mixin DataOptions data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where both runs go (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "ablate");

  @Option(
      names = "--vae",
      paramLabel = "DIR|FILE",
      description =
          "autoencoder that both are trained on, in any form that train --vae takes (default: one is"
              + " trained first)")
  Path vae;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      description = "weight of the alignment (default: as configured)")
  Double alpha;

  @Option(
      names = "--margin",
      paramLabel = "X",
      description = "distance that costs nothing (default: as configured)")
  Double margin;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "clips to draw from each (default: ${DEFAULT-VALUE})")
  int count = 8;

  @Option(
      names = "--sample-steps",
      paramLabel = "N",
      description = "diffusion steps of a clip (default: ${DEFAULT-VALUE})")
  int sampleSteps = 50;

  @Option(
      names = "--looks",
      paramLabel = "N",
      description =
          "timesteps at which each held-out clip is looked at (default: ${DEFAULT-VALUE})")
  int looks = 16;

  @Mixin MemoryOptions memory;

  private final Map<String, Map<String, Object>> results = new LinkedHashMap<>();
  private final List<Clip> rows = new ArrayList<>();
  private int code;

  public static void main(String[] args) {
    System.exit(execute(new Ablate(), args));
  }

  @Override
  protected void run() throws Exception {
    check();
    TrainConfig with = configured();
    TrainConfig without = with.with(with.alignment().enabled(false));
    data.check();
    RunCheck wrong =
        new RunCheck(
            without, out.resolve("shared"), null, MemoryNeed.announced(without, memory.force));
    if (vae == null) {
      wrong.vae(with.vaeTraining().steps(), null, Weights.Reading.WHOLE);
    } else {
      RunCheck.autoencoder(without, vae);
    }
    try (StopSignal stop = StopSignal.install();
        RunFolder shared = RunFolder.open(OutputFolder.ready(out.resolve("shared")))) {
      Clips clips = data.open(with);
      if (clips.heldOutClips() == 0) {
        throw new IllegalArgumentException(
            "ablate wants held-out clips: --set data.heldOut=0.1, and more of them");
      }
      stop.saving();
      Networks networks = EmbeddedMotion.networks(with, clips, shared, stop);
      if (vae == null && !stop.getAsBoolean()) {
        new Training(without, clips, Networks.NONE, shared, stop, Intervals.saving(200))
            .vae(with.vaeTraining().steps(), null, Weights.Reading.WHOLE);
      }
      measureData(clips);
      one("without", without, clips, Networks.NONE, stop);
      one("with", with, clips, networks, stop);
      if (stop.getAsBoolean()) {
        Output.say("stopped and saved; the same command continues");
        code = stop.exitCode();
        return;
      }
      report();
    }
  }

  @Override
  protected int exitCode() {
    return code;
  }

  private void check() {
    if (count < 1 || looks < 1 || looks > 1000) {
      throw new IllegalArgumentException(
          "--count wants at least 1 and --looks 1 to 1000, got %d and %d".formatted(count, looks));
    }
    Generator.Settings.ddim(sampleSteps);
  }

  private TrainConfig configured() throws IOException {
    TrainConfig read =
        config.readFor(out.resolve("shared"), out.resolve("without"), out.resolve("with"));
    TrainConfig.EarlyStopping none = new TrainConfig.EarlyStopping(0, 0, looks);
    AlignmentConfig on = read.alignment().enabled(true);
    double weight = alpha == null ? on.alpha() : alpha;
    return read.with(on.with(weight, margin == null ? on.margin() : margin)).with(none);
  }

  /** Trains one of the two and measures it. */
  private void one(String name, TrainConfig config, Clips clips, Networks networks, StopSignal stop)
      throws IOException {
    if (stop.getAsBoolean()) {
      return;
    }
    Path source = vae == null ? out.resolve("shared") : vae;
    try (RunFolder folder = RunFolder.open(OutputFolder.ready(out.resolve(name)))) {
      Output.say(name + " alignment");
      new Training(config, clips, networks, folder, stop, Intervals.saving(200))
          .denoiser(config.denoiserTraining().steps(), source, null);
      Config.write(folder.path(), config);
    }
    if (!stop.getAsBoolean()) {
      Autoencoder autoencoder = Autoencoder.load(source, InitialWeights.Kind.EMA);
      Map<String, Object> measured = new LinkedHashMap<>();
      measured.put("validation noise loss", validation(name, config, clips, networks, autoencoder));
      MedSora model = MedSora.load(out.resolve(name), InitialWeights.Kind.EMA, autoencoder);
      samples(name, model, measured);
      results.put(name + " alignment", measured);
    }
  }

  private double validation(
      String name, TrainConfig config, Clips clips, Networks networks, Autoencoder autoencoder)
      throws IOException {
    Stage stage =
        new Stage(
            new DenoiserObjective(
                config,
                clips,
                DenoiserObjective.fresh(config),
                autoencoder.vae(),
                autoencoder.statistics(),
                networks.alignment(),
                null));
    Path file = RunFolder.checkpoint(out.resolve(name), DenoiserObjective.NAME);
    Checkpoint.load(file, stage.state(), stage.identity(), clips.sha256());
    return stage.heldOutLoss();
  }

  private void samples(String name, MedSora model, Map<String, Object> measured) {
    Generator generator = model.generator(Generator.Settings.ddim(sampleSteps));
    List<Clip> drawn = new ArrayList<>();
    try (Progress progress = new Progress("sampling", count, 0)) {
      generator.samples(
          model.config().seed(),
          0,
          count,
          done -> {},
          (clip, number) -> {
            drawn.add(clip.shown());
            progress.at(drawn.size(), name);
          });
    }
    rows.addAll(drawn.subList(0, Math.min(2, drawn.size())));
    measure(drawn, measured);
  }

  private void measureData(Clips clips) {
    List<Clip> all = new ArrayList<>();
    for (int i = 0; i < Math.min(count, clips.trainingClips()); i++) {
      all.add(clips.video(i, 0, false));
    }
    Map<String, Object> measured = new LinkedHashMap<>();
    measured.put("validation noise loss", Double.NaN);
    measure(all, measured);
    results.put("data", measured);
  }

  private static void measure(List<Clip> clips, Map<String, Object> measured) {
    FlowConsistency c = FlowConsistency.of(clips, EmbeddedMotion.ESTIMATOR);
    measured.put("warp error", c.warped());
    measured.put("error without motion", c.still());
    measured.put("warp error over that", c.warped() / c.still());
    measured.put("frame difference", ClipStatistics.of(clips).frameDifference());
  }

  private void report() throws IOException {
    PngWriter.contactSheet(out.resolve("samples.png"), rows);
    byte[] json =
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(results);
    WholeFile.write(out.resolve("ablation.json"), json);
    List<String> figures = List.copyOf(results.get("data").keySet());
    Output.result("%-24s%12s%20s%20s", "", "data", "without alignment", "with alignment");
    for (String figure : figures) {
      StringBuilder line = new StringBuilder("%-24s".formatted(figure));
      results.forEach((run, measured) -> {
        double value = (Double) measured.get(figure);
        String text = Double.isNaN(value) ? "" : "%.5f".formatted(value);
        line.append((run.equals("data") ? "%12s" : "%20s").formatted(text));
      });
      Output.result("%s", line);
    }
    Output.result("samples, two of each: %s", out.resolve("samples.png"));
    Output.result("figures: %s", out.resolve("ablation.json"));
  }
}
