package tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.bench.growth.GrowthReport;
import tools.bench.growth.GrowthRun;
import tools.program.Output;
import tools.program.Program;
import tools.program.Version;
import tools.report.Machine;

/** Measures how a training step grows with the clip and the model: {@code bench growth}. */
@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Measures time and memory of a training step of MedSora-S against latent frames, resolution"
          + " and depth, each size in a process of its own, and fits exponents.",
      "Without sizes: 4 to 64 latent frames, 64 to 512 pixels, 3 to 24 blocks; with some, those"
          + " alone."
    })
public final class Growth extends Program {
  private static final int LIMIT = 600;
  private static final int QUICK_LIMIT = 60;

  @Option(names = "--quick", description = "fewer and smaller sizes")
  boolean quick;

  @Option(names = "--frames", split = ",", paramLabel = "N", description = "latent frames")
  List<Integer> frames = List.of();

  @Option(
      names = "--pixels",
      split = ",",
      paramLabel = "N",
      description = "sides of the frames, multiples of 16")
  List<Integer> pixels = List.of();

  @Option(names = "--depth", split = ",", paramLabel = "N", description = "numbers of blocks")
  List<Integer> depth = List.of();

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      description = "for one size; larger ones are then left out (default: 600, quick: 60)")
  Integer limit;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "where the chart is drawn (default: ${DEFAULT-VALUE})")
  Path chart = Path.of("out", "growth.png");

  private boolean whole;

  @Override
  protected void run() throws Exception {
    int seconds = limit != null ? limit : quick ? QUICK_LIMIT : LIMIT;
    if (seconds <= 0) {
      throw new IllegalArgumentException("--limit wants to be positive, got " + seconds);
    }
    GrowthRun run = new GrowthRun(engineProperties(), threads(), seconds, Output::say);
    if (chart.toAbsolutePath().getParent() != null) {
      Files.createDirectories(chart.toAbsolutePath().getParent());
    }
    GrowthReport report = run.measure(sizes());
    Machine.describe().forEach((name, value) -> Output.result("%s: %s", name, value));
    Output.result("threads: %d", threads());
    Output.result("");
    report.lines().forEach(line -> Output.result("%s", line));
    report.draw(chart);
    Output.result("chart: %s", chart);
    whole = report.isWhole();
  }

  private GrowthRun.Sizes sizes() {
    if (frames.isEmpty() && pixels.isEmpty() && depth.isEmpty()) {
      return quick ? GrowthRun.Sizes.QUICK : GrowthRun.Sizes.ALL;
    }
    return new GrowthRun.Sizes(frames, pixels, depth);
  }

  @Override
  protected int exitCode() {
    return whole ? 0 : 1;
  }
}
