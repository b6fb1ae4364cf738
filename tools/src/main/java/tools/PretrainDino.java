package tools;

import java.nio.file.Path;
import medsora.config.TrainConfig;
import medsora.dino.Distillation;
import medsora.dino.VitConfig;
import medsora.flow.FlowEstimator;
import medsora.metric.phantom.FeatureTraining;
import medsora.metric.phantom.PhantomFeatures;
import medsora.train.Clips;
import medsora.train.store.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.program.ConfigOptions;
import tools.program.DataOptions;
import tools.program.DinoPretraining;
import tools.program.FeaturePretraining;
import tools.program.NetworkOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.StopSignal;
import tools.program.Version;

/** Trains the feature network of the alignment on the user's own motion. */
@Command(
    name = "pretrain-dino",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains a small vision transformer on pictures of the optical flow of the training clips,"
          + " without labels (self-distillation with a teacher, centring and crops of two sizes,"
          + " as DINO), for those who have no published weights.",
      "Writes features.safetensors for train --features. A folder that holds a run of the same"
          + " settings and data is continued; Ctrl-C saves before it ends.",
      "With --judges it trains the two networks of FD-phantom-frames and FD-phantom-motion anew,"
          + " which come with the program; then --out and --save-every alone count beside it."
    })
public final class PretrainDino extends Program {
  @Mixin ConfigOptions config;
  @Mixin DataOptions data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "run folder (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "dino");

  @Option(
      names = "--flow-weights",
      paramLabel = "FILE",
      description = "weights of RAFT (default: TV-L1, which needs none)")
  Path flowWeights;

  @Option(
      names = "--clips",
      paramLabel = "N",
      description =
          "clips whose flow is learned from, 16 pictures each (default: ${DEFAULT-VALUE})")
  int clips = 256;

  @Option(
      names = "--patch",
      paramLabel = "PIXELS",
      description = "side of a patch (default: ${DEFAULT-VALUE})")
  int patch = 8;

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "width of a token (default: ${DEFAULT-VALUE})")
  int width = 192;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "number of blocks (default: ${DEFAULT-VALUE})")
  int depth = 12;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description = "heads of attention (default: ${DEFAULT-VALUE})")
  int heads = 3;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "pictures of a step (default: ${DEFAULT-VALUE})")
  int batch = 32;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "steps in all (default: ${DEFAULT-VALUE})")
  long steps = 2000;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "steps between checkpoints (default: ${DEFAULT-VALUE})")
  long saveEvery = 200;

  @Option(
      names = "--judges",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "",
      description =
          "train the networks that judge clips, by a file like testdata/features/features.yaml"
              + " (without FILE: by that one)")
  String judges;

  private int code;

  public static void main(String[] args) {
    System.exit(execute(new PretrainDino(), args));
  }

  @Override
  protected void run() throws Exception {
    if (judges != null) {
      trainJudges();
      return;
    }
    if (clips < 1 || steps < 1 || saveEvery < 1) {
      throw new IllegalArgumentException(
          "--clips, --steps and --save-every want at least 1, got %d, %d and %d"
              .formatted(clips, steps, saveEvery));
    }
    TrainConfig read = config.read();
    int size = read.data().size();
    if (patch < 1 || patch > size) {
      throw new IllegalArgumentException(
          "--patch wants 1 to data.size %d, got %d".formatted(size, patch));
    }
    VitConfig shape = new VitConfig(patch, width, depth, heads, size / patch);
    Distillation settings = DinoPretraining.settings(shape, size, batch, steps);
    FlowEstimator estimator = NetworkOptions.estimator(flowWeights, read);
    data.check();
    try (StopSignal stop = StopSignal.install();
        RunFolder folder = RunFolder.open(OutputFolder.ready(out))) {
      Clips opened = data.open(read);
      stop.saving();
      DinoPretraining work = new DinoPretraining(read, shape, settings, clips);
      Path file = work.run(opened, estimator, folder, stop, saveEvery);
      if (stop.getAsBoolean()) {
        Output.say("stopped and saved; the same command continues");
        code = stop.exitCode();
      }
      Output.result("features: %s", file);
    }
  }

  private void trainJudges() throws Exception {
    if (saveEvery < 1) {
      throw new IllegalArgumentException("--save-every wants at least 1, got " + saveEvery);
    }
    FeatureTraining training =
        judges.isEmpty() ? FeatureTraining.builtin() : FeatureTraining.read(Path.of(judges));
    try (StopSignal stop = StopSignal.install()) {
      stop.saving();
      Path folder = OutputFolder.ready(out);
      if (new FeaturePretraining(training, stop, saveEvery).run(folder)) {
        Output.result("features: %s", folder.resolve(PhantomFeatures.FRAMES));
        Output.result("features: %s", folder.resolve(PhantomFeatures.MOTION));
      } else {
        Output.say("stopped and saved; the same command continues");
        code = stop.exitCode();
      }
    }
  }

  @Override
  protected int exitCode() {
    return code;
  }
}
