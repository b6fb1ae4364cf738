package tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import medsora.MedSora;
import medsora.Pretrained;
import medsora.config.TrainConfig;
import medsora.dino.DinoExtractor;
import medsora.train.PhantomClips;
import medsora.train.store.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.explore.ExplorerPage;
import tools.explore.Features;
import tools.program.EmbeddedMotion;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;

/** Writes a page that shows a model at work. */
@Command(
    name = "explore",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes one page that shows a model at work, from pixels to the loss and back: scans,"
          + " matrices, windows, gates, denoising step by step.",
      "Everything in it is computed here, of a clip of the embedded phantom; the page opens from"
          + " the disk, without a server or a network. docs/teaching.md has exercises for it."
    })
public final class Explore extends Program {
  private static final int LAST_STEP = 999;
  private static final String FEATURES = "explorer-features";

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      description =
          "run folder of a model of kind medsora (default: phantom-64, which comes with the"
              + " program)")
  Path checkpoint;

  @Option(
      names = "--features",
      paramLabel = "FILE",
      description =
          "weights of DINO's vision transformer, published or from pretrain-dino (default: a small"
              + " one that is trained on clips of the phantom, kept in explorer-features beside"
              + " the page)")
  Path features;

  @Option(
      names = "--clip",
      paramLabel = "I",
      description = "number of the phantom's clip (default: ${DEFAULT-VALUE})")
  int clip = ExplorerPage.Settings.STANDARD.clip();

  @Option(
      names = "--step",
      paramLabel = "T",
      description =
          "diffusion step at which the network is looked into, 0 to 999 (default:"
              + " ${DEFAULT-VALUE})")
  int step = ExplorerPage.Settings.STANDARD.step();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "seed of noise and samples (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where the page goes (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "explorer.html");

  public static void main(String[] args) {
    System.exit(execute(new Explore(), args));
  }

  @Override
  protected void run() throws Exception {
    if (clip < 0 || step < 0 || step > LAST_STEP) {
      throw new IllegalArgumentException(
          "--clip wants 0 or more and --step 0 to " + LAST_STEP + ", got " + clip + " and " + step);
    }
    OutputFolder.readyFor(out);
    MedSora model = load();
    ExplorerPage.Settings settings = ExplorerPage.Settings.STANDARD.of(clip, step, seed).at(out);
    String page =
        ExplorerPage.of(
            name(), model, settings, features(model.config()), s -> Output.say("[explore] " + s));
    Files.writeString(out, page);
    Output.result("%s (%.2f MB)", out, Files.size(out) / 1e6);
  }

  private String name() {
    return checkpoint == null ? Pretrained.NAMES.getFirst() : checkpoint.toString();
  }

  private MedSora load() throws IOException {
    return checkpoint == null
        ? MedSora.pretrained(Pretrained.NAMES.getFirst())
        : MedSora.load(checkpoint);
  }

  /**
   * Those of a file, or such as are learned from clips of the phantom, which stay beside the page.
   */
  private Features features(TrainConfig config) throws IOException {
    if (features != null) {
      return new Features(
          DinoExtractor.load(features).frozen(config.alignment(), EmbeddedMotion.ESTIMATOR),
          features.getFileName().toString());
    }
    Path folder = out.toAbsolutePath().resolveSibling(FEATURES);
    PhantomClips clips =
        new PhantomClips(
            new PhantomClips.Settings(
                config.seed(),
                config.data().size(),
                config.clipFrames(),
                config.clipImages(),
                config.data().imageWindows(),
                EmbeddedMotion.CLIPS,
                0));
    try (RunFolder run = RunFolder.open(folder)) {
      return new Features(
          EmbeddedMotion.networks(config, clips, run, () -> false).alignment(),
          "a small network that was trained for this page on %d clips of the phantom, as DINO is"
                  .formatted(EmbeddedMotion.CLIPS)
              + " trained");
    }
  }
}
