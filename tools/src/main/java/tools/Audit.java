package tools;

import engine.random.CounterRandom;
import engine.random.RandomKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import medsora.audit.Replay;
import medsora.audit.Verdict;
import medsora.config.TrainConfig;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Networks;
import medsora.train.Stage;
import medsora.train.VaeObjective;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.EvaluationRecord;
import medsora.train.manifest.Made;
import medsora.train.manifest.Manifest;
import medsora.train.manifest.StageRecord;
import medsora.train.store.WeightsFile;
import nn.io.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.evaluate.EvaluationAudit;
import tools.evaluate.EvaluationOptions;
import tools.program.DataOptions;
import tools.program.NetworkOptions;
import tools.program.Output;
import tools.program.Progress;
import tools.program.SampleAudit;
import tools.program.TrainingStages;
import tools.program.VerdictProgram;
import tools.program.Version;

/** Does again what a manifest says was done, and says whether the bits are the same. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Does again what a manifest says was done, on whatever backend, threads and processor are here:"
          + " a training from nothing, windows of it from checkpoints that were kept, single"
          + " samples, an evaluation; and says that all bits are equal, or where the first differ.",
      "Without options: all stages from nothing to their end, all samples and the evaluation. Exit code 0: equal;"
          + " 1: something differs; 2: it cannot be said here. See docs/audit.md."
    })
public final class Audit extends VerdictProgram {
  private static final long STREAM = 5L << 40;

  @Parameters(
      index = "0",
      paramLabel = "MANIFEST",
      description = "manifest.json, or the folder that holds it; older runs have none")
  Path manifest;

  @Option(
      names = "--stage",
      paramLabel = "NAME",
      description = "this stage alone, vae or denoiser (default: all)")
  String stage;

  @Option(
      names = "--from",
      paramLabel = "N",
      description =
          "replay from the checkpoint of this step, which lies beside the manifest (default: 0,"
              + " from nothing)")
  Long from;

  @Option(
      names = "--to",
      paramLabel = "N",
      description = "replay up to this step (default: the last)")
  Long to;

  @Option(
      names = "--spot",
      paramLabel = "K",
      description = "replay K windows that are drawn by --seed among those that can begin here")
  Integer spot;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "steps of such a window (default: ${DEFAULT-VALUE})")
  int length = 10;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "which windows are drawn (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--sample",
      split = ",",
      paramLabel = "I",
      description = "draw these samples again and replay no training; several with commas")
  List<Long> samples = List.of();

  @Option(names = "--samples", description = "draw all samples again and replay no training")
  boolean allSamples;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR|FILE",
      description = "model of the samples (default: where the manifest says that it was)")
  Path checkpoint;

  @Option(
      names = "--vae",
      paramLabel = "DIR|FILE",
      description = "autoencoder of the denoiser (default: the one beside the manifest)")
  Path vae;

  @Option(
      names = "--init",
      paramLabel = "DIR|FILE",
      description = "weights that the stage began from, where these were not random ones")
  Path init;

  @Option(
      names = "--same-build",
      description = "give no verdict on what another build of the program made")
  boolean sameBuild;

  @Mixin DataOptions data;

  @Mixin NetworkOptions networks;

  @Mixin EvaluationOptions evaluation;

  private Path folder;

  public static void main(String[] args) {
    System.exit(execute(new Audit(), args));
  }

  @Override
  protected List<Verdict> judge() throws Exception {
    check();
    Manifest read = Manifest.read(manifest);
    Path file = Manifest.file(manifest).toAbsolutePath();
    folder = Files.isDirectory(manifest) ? manifest : file.getParent();
    List<Verdict> all = new ArrayList<>();
    boolean chosen = stage != null || from != null || to != null || spot != null;
    if (!allSamples && samples.isEmpty()) {
      for (String name : ordered(read.stages().keySet())) {
        if (stage == null || stage.equals(name)) {
          all.addAll(stage(name, read.stages().get(name)));
        }
      }
    }
    if (!chosen) {
      SampleAudit audit = new SampleAudit(folder, checkpoint, vae, samples);
      for (DrawRecord draw : read.draws()) {
        boolean unfit = isUnfit(draw.made(), "samples");
        all.addAll(unfit ? List.of(unfit("samples")) : audit.of(draw));
      }
      if (read.evaluation().isPresent() && samples.isEmpty() && !allSamples) {
        all.add(evaluation(read.evaluation().get()));
      }
    }
    return all;
  }

  /** The autoencoder's stage first, which the denoiser's wants. */
  private static List<String> ordered(Set<String> names) {
    List<String> order = new ArrayList<>(names);
    order.sort(Comparator.comparing(name -> !name.equals(VaeObjective.NAME)));
    return order;
  }

  /** Whether what another build made is left without a verdict; in what it differs is said. */
  private boolean isUnfit(Made there, String what) {
    Made here = Made.here();
    List<String> others = there.differences(here);
    others.forEach(line -> Output.say(what + " was made by another: " + line));
    return there.isOfOtherContract(here) || (sameBuild && !others.isEmpty());
  }

  private static Verdict unfit(String what) {
    return say(new Verdict.Unsaid(what + ": another build or numeric contract made it"));
  }

  private Verdict evaluation(EvaluationRecord e) throws IOException {
    return isUnfit(e.made(), "the evaluation")
        ? unfit("the evaluation")
        : say(new EvaluationAudit(folder, e, evaluation).verdict());
  }

  private List<Verdict> stage(String name, StageRecord record) throws IOException {
    if (!name.equals(VaeObjective.NAME) && !name.equals(DenoiserObjective.NAME)) {
      return List.of(say(new Verdict.Unsaid(name + ": only vae and denoiser are replayed")));
    }
    if (isUnfit(record.made(), name)) {
      return List.of(unfit(name));
    }
    TrainConfig config = networks.applied(record.config(manifest.toString()));
    Networks opened = networks.open(config);
    Clips clips = data.openAs(record.data().origin(), config);
    Replay replay = new Replay(folder, name, record, clips.sha256());
    TrainingStages stages = new TrainingStages(config, clips, opened);
    List<Verdict> all = new ArrayList<>();
    for (Replay.Window window : windows(replay)) {
      long steps = Math.max(1, window.to() - window.from());
      try (Progress progress = new Progress(name, steps, 0)) {
        Verdict verdict =
            replay.run(fresh(name, stages), window, done -> progress.at(done - window.from(), ""));
        all.add(verdict);
      }
      say(all.getLast());
    }
    return all;
  }

  private Stage fresh(String name, TrainingStages stages) throws IOException {
    Path begin = init == null ? null : WeightsFile.find(init, name);
    return name.equals(VaeObjective.NAME)
        ? stages.vae(begin, Weights.Reading.WHOLE).stage()
        : stages.denoiser(vae == null ? folder : vae, begin).stage();
  }

  private List<Replay.Window> windows(Replay replay) throws IOException {
    long last = replay.record().step();
    if (spot == null) {
      return List.of(new Replay.Window(from == null ? 0 : from, to == null ? last : to));
    }
    List<Long> begins = replay.begins();
    CounterRandom random = new RandomKey(seed, STREAM, 0).random();
    TreeSet<Long> drawn = new TreeSet<>();
    for (int i : random.permutation(begins.size())) {
      if (drawn.size() < spot) {
        drawn.add(begins.get(i));
      }
    }
    return drawn.stream().map(b -> new Replay.Window(b, Math.min(b + length, last))).toList();
  }

  private void check() {
    if (spot != null && (from != null || to != null)) {
      throw new IllegalArgumentException("--spot draws windows, --from and --to name one");
    }
    if (spot != null && (spot < 1 || length < 1)) {
      throw new IllegalArgumentException("--spot and --length want at least 1");
    }
    if (init != null && stage == null) {
      throw new IllegalArgumentException("--init is of one stage: say --stage");
    }
  }
}
