package tools;

import engine.io.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import medsora.metric.network.I3d;
import medsora.metric.network.I3dFeatures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.evaluate.I3dChecks;
import tools.evaluate.I3dChecks.Finding;
import tools.evaluate.JudgeNetworks;
import tools.evaluate.KnownWeights;
import tools.evaluate.WeightFiles;
import tools.program.Output;
import tools.program.Program;
import tools.program.Progress;
import tools.program.Version;

/** Holds weights of evaluate's networks against what was published about them. */
@Command(
    name = "check-weights",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Says of files of weights for evaluate whether they are the published ones: by their SHA-256"
          + " where that is published, and for I3D by two published values of FVD, computed anew.",
      "The exit code is 1 where a value differs, and where a file holds none of the networks. What can and cannot be checked: docs/metrics.md."
    })
public final class CheckWeights extends Program {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "weights, in any form and names")
  List<Path> files;

  @Option(
      names = "--clips",
      paramLabel = "N",
      description =
          "clips of noise of each set; the published value is that of ${DEFAULT-VALUE}, another"
              + " number is no check")
  int clips = I3dChecks.NOISE_CLIPS;

  private boolean differs;

  public static void main(String[] args) {
    System.exit(execute(new CheckWeights(), args));
  }

  @Override
  protected void run() throws Exception {
    if (clips < 2) {
      throw new IllegalArgumentException("--clips wants at least 2, got " + clips);
    }
    for (Path file : files) {
      check(file);
    }
  }

  @Override
  protected int exitCode() {
    return differs ? 1 : 0;
  }

  private void check(Path file) throws IOException {
    String sha256 = WeightFiles.sha256(file);
    Output.result("%s  %s", sha256, file);
    Optional<KnownWeights.Known> known = KnownWeights.of(sha256);
    known.ifPresent(k -> Output.result("  is %s by its SHA-256 %s", k.name(), k.sha256()));
    Optional<KnownWeights.Known> named = KnownWeights.named(file);
    if (known.isEmpty() && named.isPresent()) {
      Output.result(
          "  DIFFERS: a file of this name is published with SHA-256 %s", named.get().sha256());
      differs = true;
    }
    Optional<I3d> i3d = i3d(file);
    if (i3d.isPresent()) {
      for (Finding finding : findings(i3d.get())) {
        Output.result("  %s", finding.line());
        differs |= !finding.agrees();
      }
    } else if (known.isEmpty() && named.isEmpty()) {
      other(file);
    }
  }

  /** A network without published values, or none at all. */
  private void other(Path file) throws IOException {
    JudgeNetworks.Held held = JudgeNetworks.held(file);
    if (held.network().isPresent()) {
      Output.result(
          "  holds %s; of this kind no value is published whose input can be had",
          held.network().get());
      return;
    }
    Output.result("  FAILS: it is none of evaluate's networks: I3D, %s", held.none());
    held.reasons().forEach(reason -> Output.say("none of them: " + reason));
    differs = true;
  }

  private static Optional<I3d> i3d(Path file) throws IOException {
    try {
      return Optional.of(I3dFeatures.read(file, I3d.EPS));
    } catch (FormatException e) {
      // Cut off, damaged, or no weights at all.
      throw e;
    } catch (IOException e) {
      Output.say("no I3D: " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<Finding> findings(I3d network) {
    List<Finding> findings = new ArrayList<>();
    findings.add(I3dChecks.constants(network));
    try (Progress progress = new Progress("noise", 2L * clips, 0)) {
      findings.add(I3dChecks.noise(network, clips, n -> progress.at(n, "")));
    }
    return findings;
  }
}
