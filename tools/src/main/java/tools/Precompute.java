package tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import medsora.Autoencoder;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Networks;
import medsora.train.store.InitialWeights;
import medsora.train.store.Precomputed;
import medsora.train.store.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.program.AgreedStop;
import tools.program.ConfigOptions;
import tools.program.DataOptions;
import tools.program.NetworkOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
import tools.program.StopSignal;
import tools.program.Version;

/** Runs the frozen networks once over what training will ask of them. */
@Command(
    name = "precompute",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Stores latents, flow pictures and alignment targets for the clips, beginnings, flips and"
          + " image windows that the first epochs of a training draw, so that train --precomputed"
          + " does not run the frozen networks.",
      "What is there already, of the same weights, data and settings, is checked and kept; Ctrl-C"
          + " loses nothing that was written."
    })
public final class Precompute extends Program {
  @Mixin ConfigOptions config;
  @Mixin DataOptions data;

  @Option(
      names = "--vae",
      required = true,
      paramLabel = "DIR|FILE",
      description =
          "run folder with the trained autoencoder, its file, or weights in another form: a .pt of"
              + " the released form, plain safetensors, a folder of diffusers")
  Path vae;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "epochs whose draws are stored (default: ${DEFAULT-VALUE})")
  int epochs = 1;

  @Mixin NetworkOptions networks;

  private int code;

  public static void main(String[] args) {
    System.exit(execute(new Precompute(), args));
  }

  @Override
  protected void run() throws Exception {
    if (epochs < 1) {
      throw new IllegalArgumentException("--epochs wants at least 1, got " + epochs);
    }
    TrainConfig read = networks.applied(config.read());
    ranks().requireSame("configuration hash", ConfigTree.sha256(ConfigTree.json(read)));
    Networks opened = networks.open(read);
    if (opened.precomputed() == null) {
      throw new IllegalArgumentException("precompute wants --precomputed DIR");
    }
    Autoencoder autoencoder = Autoencoder.load(vae, InitialWeights.Kind.EMA);
    data.check();
    try (StopSignal stop = StopSignal.install();
        RunFolder lock = OutputFolder.held(opened.precomputed().folder(), ranks())) {
      Clips clips = data.open(read);
      ranks().requireSame("data hash", clips.sha256());
      if (!ranks().isFirst()) {
        // Rank 0 makes the folders.
        ranks().meet();
      }
      DenoiserObjective objective =
          objective(read, clips, autoencoder, opened, opened.precomputed());
      if (ranks().isFirst()) {
        ranks().meet();
      }
      stop.saving();
      // Each result is one rank's: that of its clip, or of its window of images.
      IntPredicate own = number -> number % ranks().count() == ranks().rank();
      double seconds = pass(objective, clips, stop, "precomputing", own);
      stop.saved();
      if (new AgreedStop(ranks(), stop).getAsBoolean()) {
        Output.say("stopped; the same command goes on");
        code = stop.exitCode();
        return;
      }
      if (!ranks().isFirst()) {
        return;
      }
      say(opened.precomputed(), seconds);
      Precomputed again = new Precomputed(opened.precomputed().folder());
      double reading =
          pass(
              objective(read, clips, autoencoder, opened, again),
              clips,
              stop,
              "checking",
              n -> true);
      long samples = (long) epochs * clips.trainingClips();
      Output.result(
          "read and checked again in %.1f s: %.3f s for a sample of an epoch, against %.3f s"
              + " computed",
          reading, reading / samples, seconds / samples);
    }
  }

  @Override
  protected boolean isShared() {
    return true;
  }

  @Override
  protected int exitCode() {
    return code;
  }

  private static DenoiserObjective objective(
      TrainConfig read, Clips clips, Autoencoder vae, Networks networks, Precomputed folder) {
    return new DenoiserObjective(
        read,
        clips,
        DenoiserObjective.fresh(read),
        vae.vae(),
        vae.statistics(),
        networks.alignment(),
        folder);
  }

  /** Asks for all that the epochs draw; the seconds that it took. */
  private double pass(
      DenoiserObjective objective, Clips clips, StopSignal stop, String task, IntPredicate own)
      throws IOException {
    long started = System.nanoTime();
    long samples = (long) epochs * clips.trainingClips();
    try (Progress progress = new Progress(task, samples, 0)) {
      for (long n = 0; n < samples && !stop.getAsBoolean(); n++) {
        objective.prepare(n, own);
        progress.at(n + 1, "");
      }
    }
    if (!stop.getAsBoolean()) {
      objective.prepareHeldOut(own);
    }
    return (System.nanoTime() - started) * 1e-9;
  }

  private static void say(Precomputed folder, double seconds) {
    Output.result(
        "%d results in %s, %d of them computed now, in %.1f s",
        folder.results(), folder.folder(), folder.computed(), seconds);
    folder
        .meanBytes()
        .forEach((kind, bytes) -> Output.result("%s: %,d bytes each", kind, Math.round(bytes)));
  }
}
