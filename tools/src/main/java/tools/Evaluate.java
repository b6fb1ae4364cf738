package tools;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.metric.distance.ClipLooks;
import medsora.metric.distance.ClipMotion;
import medsora.metric.distance.Copying;
import medsora.metric.distance.FeatureRows;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.network.Thumbnails;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.Bootstrap;
import medsora.metric.protocol.ClipRule;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.Extraction;
import medsora.metric.protocol.Extraction.Extracted;
import medsora.metric.protocol.FeatureCache;
import medsora.metric.protocol.Judge;
import medsora.metric.protocol.Loading;
import medsora.metric.protocol.Protocol;
import medsora.metric.protocol.Quote;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.evaluate.GivenFeatures;
import tools.evaluate.JudgeNetworks;
import tools.evaluate.Judging;
import tools.evaluate.Looks;
import tools.evaluate.Result;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
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
      "Without features of a network: flicker, motion, colours, and whether real clips are copied."
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
  Path features;

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
      description = "resamplings for the interval, 0 for none (default: ${DEFAULT-VALUE})")
  int replicates = Bootstrap.REPLICATES;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of every draw (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where result.json and features go (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "evaluate");

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
    GivenFeatures given = features == null ? null : GivenFeatures.read(features);
    ClipSet ofReal = open("real", real, rule(chosen.sampling().real(), true), chosen, false);
    ClipSet ofGenerated =
        open("generated", generated, rule(chosen.sampling().generated(), false), chosen, true);
    ofReal.requireComparable(ofGenerated);
    OutputFolder.ready(out);
    Result result = new Result(chosen, seed);
    try (JudgeNetworks networks = JudgeNetworks.open(chosen, weights, c3dMean);
        StopSignal stop = StopSignal.install()) {
      stop.saving();
      measure(result, chosen, ofReal, ofGenerated, stop);
      Assessment.Effort effort = new Assessment.Effort(replicates, seed, stop);
      judge(
          result,
          networks,
          new Judging(chosen, ofReal, ofGenerated, out.resolve("features"), effort, stop));
      if (given != null) {
        assess(result, chosen, given, effort);
      }
      stop.saved();
    } catch (Extraction.Stopped e) {
      Output.say(e.getMessage());
      code = STOPPED;
      return;
    }
    result.write(out.resolve("result.json"));
    result.lines().forEach(line -> Output.result("%s", line));
    Output.result("%s", out.resolve("result.json"));
  }

  /** As shells have it after Ctrl-C. */
  private static final int STOPPED = 130;

  private void check() {
    requireAtLeast("--spacing", spacing, 1);
    requireAtLeast("--clips", clips, 2);
    requireAtLeast("--motion-clips", motionClips, 0);
    if (replicates == 1) {
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

  private ClipRule rule(ClipRule ofProtocol, boolean forReal) {
    ClipRule rule = clips == null ? ofProtocol : ofProtocol.atMost(clips);
    return spacing == null || !forReal ? rule : rule.every(spacing);
  }

  private ClipSet open(String role, Path folder, ClipRule rule, Protocol chosen, boolean strict)
      throws IOException {
    Loading loading = chosen.sampling().loading();
    ClipSet set = ClipSet.open(role, folder, rule, loading, strict, seed);
    set.dropped().forEach(d -> Output.say(role + ": left out " + d.what() + ": " + d.reason()));
    return set;
  }

  /** All that wants no weights. */
  private void measure(
      Result result, Protocol chosen, ClipSet ofReal, ClipSet ofGenerated, StopSignal stop)
      throws IOException {
    FeatureNetwork thumbnails = new Thumbnails(ofReal.rule().frames());
    ClipLooks looksOfReal = new ClipLooks();
    ClipLooks looksOfGenerated = new ClipLooks();
    String settings = thumbnails.name() + ", " + chosen.sampling().loading().words();
    try (FeatureCache cache =
        FeatureCache.open(out.resolve("features"), settings, thumbnails.dimensions())) {
      Extracted first = look(thumbnails, cache, ofReal, looksOfReal, stop);
      Extracted second = look(thumbnails, cache, ofGenerated, looksOfGenerated, stop);
      result.set("real", ofReal, real, first.hashes());
      result.set("generated", ofGenerated, generated, second.hashes());
      sayEqual(result, first.hashes(), second.hashes());
      Copying copying =
          Copying.of(first.rows(), second.rows(), heldOut(thumbnails, cache, ofReal, stop));
      result.looks(Looks.of(looksOfReal, looksOfGenerated, motion(ofReal, ofGenerated, stop)));
      result.copying(copying, thumbnails.name(), ofReal, ofGenerated);
    }
  }

  private Extracted look(
      FeatureNetwork network, FeatureCache cache, ClipSet set, ClipLooks looks, StopSignal stop)
      throws IOException {
    try (Progress progress = new Progress("clips", set.count(), 0)) {
      Extraction extraction = new Extraction(network, cache, stop, n -> progress.at(n, ""));
      String role = looks == null ? "held out" : set.role();
      return extraction.of(
          role,
          visitor ->
              set.clips((number, clip) -> {
                if (looks != null) {
                  looks.add(clip);
                }
                return visitor.take(number, clip);
              }));
    }
  }

  private FeatureRows heldOut(
      FeatureNetwork network, FeatureCache cache, ClipSet ofReal, StopSignal stop)
      throws IOException {
    if (heldOut == null) {
      return null;
    }
    ClipSet set = ClipSet.open("held-out", heldOut, ofReal.rule(), ofReal.loading(), false, seed);
    ofReal.requireComparable(set);
    return look(network, cache, set, null, stop).rows();
  }

  private static void sayEqual(Result result, List<String> first, List<String> second) {
    long equal = second.stream().filter(first::contains).count();
    if (equal > 0) {
      result.remark(
          "%d of %d generated clips are byte for byte real ones".formatted(equal, second.size()));
    }
  }

  private Looks.Motion motion(ClipSet ofReal, ClipSet ofGenerated, StopSignal stop)
      throws IOException {
    if (motionClips == 0 || ofReal.rule().frames() < 2) {
      return null;
    }
    int total = Math.min(motionClips, ofReal.count()) + Math.min(motionClips, ofGenerated.count());
    try (Progress progress = new Progress("motion", total, 0)) {
      ClipMotion first = new ClipMotion(new TvL1Estimator(TvL1Config.DEFAULT));
      ClipMotion second = new ClipMotion(new TvL1Estimator(TvL1Config.DEFAULT));
      for (int i = 0; i < motionClips; i++) {
        addTo(first, ofReal, i, stop);
        addTo(second, ofGenerated, i, stop);
        progress.at(first.clips() + second.clips(), "");
      }
      return Looks.Motion.of(first, second);
    }
  }

  private static void addTo(ClipMotion motion, ClipSet set, int number, StopSignal stop)
      throws IOException {
    if (stop.getAsBoolean()) {
      throw new Extraction.Stopped();
    }
    if (number < set.count()) {
      motion.add(set.clip(number));
    }
  }

  /** The numbers whose networks were given; the others are named. */
  private static void judge(Result result, JudgeNetworks networks, Judging judging)
      throws IOException {
    for (Judge judge : judging.protocol().judges()) {
      JudgeNetworks.Opened opened = networks.of(judge).orElse(null);
      if (opened == null) {
        result.remark(
            "%s is not measured: it wants --weights of %s"
                .formatted(judge.metric().shown(), judge.metric().network()));
      } else {
        judging.measure(judge, opened, result);
      }
    }
  }

  private void assess(
      Result result, Protocol chosen, GivenFeatures given, Assessment.Effort effort) {
    Judge judge =
        chosen.judges().stream().filter(j -> j.metric().isDistance()).findFirst().orElseThrow();
    Quote quote =
        new Quote(
            chosen,
            judge,
            rule(chosen.sampling().real(), true),
            rule(chosen.sampling().generated(), false),
            given.real().count(),
            given.generated().count(),
            seed,
            "features of "
                + Printable.line(features.getFileName().toString())
                + " "
                + given.sha256().substring(0, 12));
    result.distance(quote, Assessment.of(given.real(), given.generated(), judge.ddof(), effort));
  }
}
