package tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.bench.Row;
import tools.bench.Rows;
import tools.bench.Work;
import tools.bench.harness.Harness;
import tools.bench.harness.Measurement;
import tools.bench.harness.Peers;
import tools.bench.harness.Plan;
import tools.bench.harness.Rival;
import tools.bench.report.Figure6;
import tools.bench.report.JsonList;
import tools.bench.report.Roofline;
import tools.bench.report.Table;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;
import tools.report.Machine;

/** Measures how near to the machine's ceilings the hot paths run. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    subcommands = Growth.class,
    description = {
      "Measures the ceilings of the machine, then operations at the shapes of the models, then the"
          + " models, each in a process of its own.",
      "For each row: time with its spread, work by formula, the share of the ceiling that was"
          + " reached, and peak memory. docs/performance.md says how to read it."
    })
public final class Bench extends Program {
  /** Another library that can be measured too. */
  enum Peer {
    djl
  }

  @Option(names = "--quick", description = "the most telling rows alone, in about a minute")
  boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "GLOB",
      description = "rows of such names, as 'matmul-*' or 'conv?d-*'; several with commas")
  List<String> only = new ArrayList<>();

  @Option(names = "--list", description = "only say which rows there are and what work they are")
  boolean list;

  @Option(
      names = "--figure6",
      description =
          "instead: a training step of one clip for MedSora and Endora of sizes S, B and L, Figure 6"
              + " of the paper; --only chooses, as 'figure6-*-S'")
  boolean figure6;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "also write the rows as a JSON list of objects")
  Path json;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description =
          "where the roofline is drawn (default: out/bench.png), or Figure 6 (default: out/figure6.png)")
  Path chart;

  @Option(
      names = "--against",
      paramLabel = "PEER",
      description = "${COMPLETION-CANDIDATES} (libtorch): afterwards the same shapes there")
  Peer against;

  @Option(
      names = "--against-build",
      paramLabel = "DIR",
      description =
          "another checkout, built: its rows take turns with ours, sample by sample; speed is its"
              + " time over ours")
  Path build;

  private boolean failed;

  public static void main(String[] args) {
    System.exit(execute(new Bench(), args));
  }

  @Override
  protected void run() throws Exception {
    if (chart == null) {
      chart = Path.of("out", figure6 ? "figure6.png" : "bench.png");
    }
    List<Row> rows =
        Rows.chosen(figure6 ? Rows.figure6().values() : Rows.all(), quick && !figure6, only);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "no row is called "
              + String.join(" or ", only)
              + (quick ? " in the quick list" : "")
              + "; --list names them");
    }
    if (list) {
      rows.forEach(Bench::describe);
      return;
    }
    if (against != null && build != null) {
      throw new IllegalArgumentException("--against and --against-build are one or the other");
    }
    Rival rival = rival();
    OutputFolder.readyFor(chart);
    if (json != null) {
      OutputFolder.readyFor(json);
    }
    Map<String, String> engine = engineProperties();
    Harness harness =
        new Harness(quick ? Plan.QUICK : Plan.FULL, threads(), engine, rival, Output::say);
    report(harness.measure(rows));
    harness
        .failures()
        .forEach((name, reason) -> Output.say("not measured: %s: %s".formatted(name, reason)));
    failed = !harness.failures().isEmpty();
  }

  private Rival rival() throws IOException {
    if (build != null) {
      return Peers.build(build, engineProperties());
    }
    return against == null ? null : Peers.library(against.name());
  }

  private static void describe(Row row) {
    Work work = row.operation().work();
    Output.result(
        "%-40s%20d %-16s%s",
        row.name(), work.amount(), work.unit().words(), row.quick() ? "quick" : "");
  }

  private void report(List<Measurement> all) throws IOException {
    Machine.describe().forEach((name, value) -> Output.result("%s: %s", name, value));
    Output.result("threads: %d", threads());
    Output.result("");
    Table.lines(all).forEach(line -> Output.result("%s", line));
    if (json != null) {
      JsonList.write(json, all);
      Output.result("rows: %s", json);
    }
    if (figure6) {
      Figure6 figure = new Figure6(Rows.figure6(), all);
      Output.result("");
      figure.lines().forEach(line -> Output.result("%s", line));
      figure.draw(chart);
    } else {
      new Roofline(all).draw(chart);
    }
    Output.result("chart: %s", chart);
  }

  @Override
  protected int exitCode() {
    return failed ? 1 : 0;
  }
}
