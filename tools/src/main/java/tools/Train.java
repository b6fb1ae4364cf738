package tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.RunCheck;
import medsora.config.Config;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Intervals;
import medsora.train.Networks;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.RunFolder;
import medsora.train.store.WeightsFile;
import medsora.vae.Vae;
import nn.io.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.program.AgreedStop;
import tools.program.ConfigOptions;
import tools.program.DataOptions;
import tools.program.MemoryNeed;
import tools.program.MemoryOptions;
import tools.program.NetworkOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.RunSteps;
import tools.program.StopSignal;
import tools.program.Training;
import tools.program.Version;
import tools.tensorboard.EventLog;

/** Trains the autoencoder, the denoiser or both. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains the autoencoder, the denoiser or both, and writes checkpoints and metrics.jsonl.",
      "A folder that holds a checkpoint of the same configuration and data is continued; Ctrl-C"
          + " saves before it ends."
    })
public final class Train extends Program {
  /** What to train. */
  enum Part {
    vae,
    denoiser,
    all
  }

  @Mixin ConfigOptions config;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Part stage = Part.all;

  @Mixin DataOptions data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "run folder (default: out/NAME of the configuration)")
  Path out;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "steps of each stage in all (default: as configured)")
  Long steps;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "steps between checkpoints (default: ${DEFAULT-VALUE})")
  long saveEvery = 500;

  @Option(
      names = "--hash-every",
      paramLabel = "N",
      description =
          "steps between hashes of the weights in the manifest (default: ${DEFAULT-VALUE}; before"
              + " the first of them also at 1, 2, 5, 10, 20, 50 and so on)")
  long hashEvery = Intervals.HASH;

  @Option(
      names = "--keep-every",
      paramLabel = "N",
      description =
          "steps between checkpoints that stay, as STAGE-STEP.safetensors, for audits of windows"
              + " (default: none)")
  long keepEvery;

  @Option(
      names = "--vae",
      paramLabel = "DIR|FILE",
      description =
          "autoencoder that the denoiser is trained on: a run folder, its file, a .pt of the"
              + " released form, plain safetensors, a folder of diffusers (default: the one in"
              + " --out)")
  Path vae;

  @Option(
      names = "--init",
      paramLabel = "DIR|FILE",
      description =
          "weights to begin from instead of random ones, in the same forms; wants a single --stage;"
              + " a run that is continued does not want them again")
  Path init;

  @Option(
      names = "--fresh-compensation",
      description =
          "--init may lack the autoencoder's compensation modules, as CogVideoX's weights do; they"
              + " start fresh")
  boolean freshCompensation;

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description =
          "also writes event files for TensorBoard there: losses, gradient norms, and clips as"
              + " moving pictures while training goes on; the weights are the same")
  Path tensorboard;

  @Option(
      names = "--shard-optimizer",
      description =
          "each of several ranks keeps the optimiser's state of its part of the weights alone: less"
              + " memory, the same bits")
  boolean shards;

  @Option(
      names = "--tensorboard-clips",
      paramLabel = "N",
      description =
          "steps between the clips of --tensorboard, one of which is drawn at the end too (default:"
              + " the configuration's watching.evaluateEvery, or --save-every where that is 0)")
  Long clipsEvery;

  @Mixin NetworkOptions networks;

  @Mixin MemoryOptions memory;

  private Path folder;

  /** The file that {@code --init} leads to, or null. */
  private Path begin;

  private int code;

  public static void main(String[] args) {
    System.exit(execute(new Train(), args));
  }

  @Override
  protected void run() throws Exception {
    check();
    folder = out == null ? Path.of("out", config.read().name()) : out;
    TrainConfig read = networks.applied(config.readFor(folder));
    Networks opened = networks.open(read);
    begin = init == null ? null : WeightsFile.find(init, stage.name());
    data.check();
    requireSameRun(read);
    check(new RunCheck(read, folder, opened.alignment(), MemoryNeed.announced(read, memory.force)));
    try (StopSignal stop = StopSignal.install();
        RunFolder run = OutputFolder.held(folder, ranks());
        EventLog events =
            tensorboard == null || !ranks().isFirst()
                ? null
                : new EventLog(tensorboard, clipsEvery(read))) {
      Clips clips = data.open(read);
      ranks().requireSame("data hash", clips.sha256());
      AgreedStop stopped = new AgreedStop(ranks(), stop);
      Training training =
          new Training(read, clips, opened, run, stopped, intervals(), ranks(), shards, events);
      stop.saving();
      Trained last = stage == Part.denoiser ? null : vae(training);
      if (stage != Part.vae && !stopped.getAsBoolean()) {
        if (last != null) {
          Output.say(last.line(stage));
        }
        last = denoiser(training);
      }
      if (run.isHeld()) {
        Config.write(folder, read);
      }
      if (stopped.getAsBoolean()) {
        Output.say("stopped and saved; the same command continues");
        code = stop.exitCode();
      }
      if (last != null) {
        Output.result("%s", last.line(stage));
      }
    }
  }

  @Override
  protected String standing() {
    return folder == null ? "" : RunSteps.standing(folder);
  }

  @Override
  protected int exitCode() {
    return code;
  }

  @Override
  protected boolean isShared() {
    return true;
  }

  /** Ranks that were told different things would wait for each other without end. */
  private void requireSameRun(TrainConfig read) throws IOException {
    ranks().requireSame("configuration hash", ConfigTree.sha256(ConfigTree.json(read)));
    ranks()
        .requireSame(
            "command",
            "--stage %s --steps %s --save-every %d --keep-every %d --shard-optimizer=%s"
                .formatted(stage, steps, saveEvery, keepEvery, shards));
    for (String name : List.of(VaeObjective.NAME, DenoiserObjective.NAME)) {
      Checkpoint.Info info = Checkpoint.info(RunFolder.checkpoint(folder, name));
      String found =
          info == null ? "none" : "step %d of data %s".formatted(info.step(), info.dataSha256());
      ranks().requireSame("checkpoint of " + name + " in " + folder, found);
    }
  }

  private long vaeSteps(TrainConfig read) {
    return steps == null ? read.vaeTraining().steps() : steps;
  }

  private long denoiserSteps(TrainConfig read) {
    return steps == null ? read.denoiserTraining().steps() : steps;
  }

  private void check(RunCheck run) throws IOException {
    switch (stage) {
      case vae -> run.vae(vaeSteps(run.config()), begin, reading());
      case denoiser -> run.denoiser(denoiserSteps(run.config()), vae, begin);
      case all -> {
        run.vaeForDenoiser(vaeSteps(run.config()));
        run.denoiser(denoiserSteps(run.config()));
      }
    }
  }

  private Weights.Reading reading() {
    return freshCompensation
        ? new Weights.Reading(Vae::isCompensation, false)
        : Weights.Reading.WHOLE;
  }

  private Trained vae(Training training) throws IOException {
    long wanted = vaeSteps(training.config());
    String hash =
        stage == Part.all
            ? training.vaeForDenoiser(wanted)
            : training.vae(wanted, begin, reading());
    return trained(training, VaeObjective.NAME, hash, wanted);
  }

  private Trained denoiser(Training training) throws IOException {
    long wanted = denoiserSteps(training.config());
    String hash = training.denoiser(wanted, vae, begin);
    return trained(training, DenoiserObjective.NAME, hash, wanted);
  }

  private static Trained trained(Training training, String name, String hash, long wanted)
      throws IOException {
    return new Trained(name, hash, RunCheck.done(training.folder().path(), name) == wanted);
  }

  /**
   * What the last stage that ran came to.
   *
   * @param whole whether it did all steps that were asked for
   */
  record Trained(String name, String hash, boolean whole) {
    /** Names the stage, unless it is the end of all that was asked for. */
    String line(Part asked) {
      boolean end = whole && (asked != Part.all || name.equals(DenoiserObjective.NAME));
      return (end ? "" : name + " ") + "weights sha256 " + hash;
    }
  }

  private long clipsEvery(TrainConfig read) {
    long watched = read.watching().evaluateEvery();
    long otherwise = watched > 0 ? watched : saveEvery;
    return clipsEvery == null ? otherwise : clipsEvery;
  }

  private Intervals intervals() {
    return new Intervals(saveEvery, hashEvery, keepEvery);
  }

  private void check() {
    if (steps != null && steps < 1) {
      throw new IllegalArgumentException("--steps wants at least 1, got " + steps);
    }
    if (saveEvery < 1) {
      throw new IllegalArgumentException("--save-every wants at least 1, got " + saveEvery);
    }
    if (hashEvery < 1 || keepEvery < 0) {
      throw new IllegalArgumentException(
          "--hash-every wants at least 1 and --keep-every at least 0, got %d and %d"
              .formatted(hashEvery, keepEvery));
    }
    if (clipsEvery != null && (tensorboard == null || clipsEvery < 1)) {
      throw new IllegalArgumentException(
          "--tensorboard-clips goes with --tensorboard and wants at least 1, got " + clipsEvery);
    }
    if (init != null && stage == Part.all) {
      throw new IllegalArgumentException(
          "--init gives the weights of one stage: say --stage vae or --stage denoiser");
    }
    if (freshCompensation && (init == null || stage != Part.vae)) {
      throw new IllegalArgumentException("--fresh-compensation goes with --stage vae and --init");
    }
    if (vae != null && stage != Part.denoiser) {
      throw new IllegalArgumentException(
          "--vae is for --stage " + DenoiserObjective.NAME + ", the others train their own");
    }
  }
}
