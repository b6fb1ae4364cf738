package tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import medsora.media.VideoException;
import medsora.metric.protocol.Extraction;
import medsora.metric.protocol.FeatureCache;
import medsora.metric.protocol.FeaturesOfClips;
import medsora.metric.protocol.Protocol;
import medsora.train.manifest.EvaluationRecord;
import medsora.train.manifest.Made;
import medsora.train.manifest.Manifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.evaluate.Draws;
import tools.evaluate.EarlierRun;
import tools.evaluate.Evaluated;
import tools.evaluate.Evaluation;
import tools.evaluate.EvaluationAudit;
import tools.evaluate.GivenFeatures;
import tools.evaluate.JudgeNetworks;
import tools.evaluate.RankedFeatures;
import tools.evaluate.Sets;
import tools.evaluate.page.EvaluationPage;
import tools.program.FileHash;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.StopSignal;
import tools.program.Version;

/** Measures generated clips against real ones. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Draws clips of two folders of videos as a published protocol does, and measures how far the"
          + " generated ones are from the real ones and what that number is worth.",
      "Without weights: FD-phantom-frames and FD-phantom-motion by networks that come with the"
          + " program, flicker, motion, colours, and whether real clips are copied."
          + " Features are kept; Ctrl-C loses nothing that was computed. See"
          + " docs/metrics-protocols.md."
    })
public final class Evaluate extends Program {
  @Parameters(index = "0", paramLabel = "REAL", description = "folder of real videos")
  Path real;

  @Parameters(index = "1", paramLabel = "GENERATED", description = "folder of generated videos")
  Path generated;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description =
          "paper, stylegan-v, tensorflow, pytorch-fid, cd-fvd or endora (default: ${DEFAULT-VALUE})")
  String protocol = "paper";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "weights of a network of the protocol (I3D, Inception, VideoMAE, CLIP, C3D), under any of their published"
              + " names; once for each file")
  List<Path> weights = List.of();

  @Option(
      names = "--c3d-mean",
      paramLabel = "FILE",
      description =
          "mean of C3D's training clips [3,16,H,W], which IS-C3D wants beside --weights: .npz or"
              + " safetensors")
  Path c3dMean;

  @Option(
      names = "--features",
      paramLabel = "FILE",
      description =
          "features of the protocol's first distance by another program: safetensors with real"
              + " [n1,d] and generated [n2,d]")
  Path given;

  @Option(
      names = "--held-out",
      paramLabel = "DIR",
      description = "real videos that were not trained on, to tell copies by")
  Path heldOut;

  @Option(
      names = "--spacing",
      paramLabel = "N",
      description = "distance of the frames of real clips (default: the protocol's)")
  Integer spacing;

  @Option(
      names = "--clips",
      paramLabel = "N",
      description = "most clips of each set (default: the protocol's)")
  Integer clips;

  @Option(
      names = "--motion-clips",
      paramLabel = "N",
      description = "clips of each set whose flow is estimated (default: ${DEFAULT-VALUE})")
  int motionClips = 16;

  @Option(
      names = "--bootstrap",
      paramLabel = "N",
      description = {
        "resamplings for the interval, 0 for none (default: 200, and none where both samples and"
            + " features are more than 1000: a number that is named is drawn there too, which takes"
            + " as many times the seconds that a distance takes)"
      })
  Integer replicates;

  @Option(
      names = "--against",
      paramLabel = "RUN",
      description =
          "the --out folder of another evaluation of the same real clips: how much the numbers"
              + " differ, and whether that is sure")
  Path against;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of every draw (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where report.html, result.json and features go (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "evaluate");

  private static final String RESULT = "result.json";

  /** How long the machine may take to tell of a signal that a process below it has had. */
  private static final int SIGNAL_MILLIS = 500;

  private int code;

  public static void main(String[] args) {
    System.exit(execute(new Evaluate(), args));
  }

  @Override
  protected int exitCode() {
    return code;
  }

  @Override
  protected void run() throws Exception {
    check();
    Protocol chosen = Protocol.named(protocol);
    GivenFeatures givenFeatures = given == null ? null : GivenFeatures.read(given);
    EarlierRun earlier = against == null ? null : EarlierRun.open(against, out);
    Sets.Wish wish = new Sets.Wish(real, generated, heldOut, spacing, clips);
    try (JudgeNetworks networks = JudgeNetworks.open(chosen, weights, c3dMean)) {
      ranks().requireSame("choice of networks", networks.identity());
      if (!ranks().isFirst()) {
        RankedFeatures.serve(ranks(), networks.all());
        return;
      }
      Sets sets = Sets.open(chosen, wish, seed);
      if (earlier != null) {
        earlier.requireSameRule(sets);
      }
      OutputFolder.ready(out);
      FeatureCache.damaged(features()).forEach(Output::say);
      try (StopSignal stop = StopSignal.install()) {
        stop.saving();
        measure(
            new Evaluation(sets, features(), motionClips, draws(), earlier, stop, computing()),
            networks,
            givenFeatures,
            wish,
            stop);
        stop.saved();
      }
      new RankedFeatures(ranks()).end();
    }
  }

  /** Rank 0 reads, keeps and writes; all compute. */
  @Override
  protected boolean isShared() {
    return true;
  }

  private FeaturesOfClips computing() {
    return ranks().count() == 1 ? FeaturesOfClips.HERE : new RankedFeatures(ranks());
  }

  private Path features() {
    return out.resolve("features");
  }

  private Draws draws() {
    return Draws.of(replicates, seed);
  }

  private void measure(
      Evaluation evaluation,
      JudgeNetworks networks,
      GivenFeatures given,
      Sets.Wish wish,
      StopSignal stop)
      throws IOException {
    try {
      Evaluated found = evaluation.all(networks, given, wish);
      found.result().write(out.resolve(RESULT));
      manifest(found);
      found.lines().forEach(line -> Output.result("%s", line));
      Output.result("%s", out.resolve(RESULT));
      Output.result("%s", EvaluationPage.write(out, found, stop));
    } catch (UncheckedIOException e) {
      stopped(e.getCause(), stop);
    } catch (Extraction.Stopped | VideoException e) {
      stopped(e, stop);
    }
  }

  /** What this evaluation was made of, beside whatever the folder's manifest has already. */
  private void manifest(Evaluated found) throws IOException {
    Sets.Wish wish = new Sets.Wish(real, generated, heldOut, spacing, clips);
    EvaluationAudit.Settings settings =
        new EvaluationAudit.Settings(protocol, wish, motionClips, draws(), weights, given);
    String result = FileHash.sha256(out.resolve(RESULT));
    Manifest.ofFolder(out)
        .with(
            new EvaluationRecord(
                Made.here(), settings.texts(), settings.inputs(found.seen()), RESULT, result))
        .write(out);
  }

  /**
   * A wish to stop that came through is no failure. A terminal's Ctrl-C ends ffmpeg too, which may
   * be noticed first, as a video that breaks off.
   */
  private void stopped(IOException e, StopSignal stop) throws IOException {
    boolean wished = e instanceof Extraction.Stopped || stop.comes(SIGNAL_MILLIS);
    if (!wished) {
      throw e;
    }
    Output.say(new Extraction.Stopped().getMessage());
    code = stop.exitCode();
  }

  /** Else its pictures would be clips of that set the next time. */
  private void requireOutside(Path folder) {
    if (folder != null
        && out.toAbsolutePath().normalize().startsWith(folder.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(
          "--out %s lies in %s, whose clips are measured: name another folder"
              .formatted(out, folder));
    }
  }

  private void check() {
    requireOutside(real);
    requireOutside(generated);
    requireOutside(heldOut);
    requireAtLeast("--spacing", spacing, 1);
    requireAtLeast("--clips", clips, 2);
    requireAtLeast("--motion-clips", motionClips, 0);
    if (replicates != null && replicates == 1) {
      throw new IllegalArgumentException("--bootstrap wants 0, or at least 2");
    }
    requireAtLeast("--bootstrap", replicates, 0);
  }

  private static void requireAtLeast(String option, Integer value, int least) {
    if (value != null && value < least) {
      throw new IllegalArgumentException(
          "%s wants at least %d, got %d".formatted(option, least, value));
    }
  }
}
