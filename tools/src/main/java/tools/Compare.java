package tools;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.metric.protocol.Extraction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.compare.PairwiseComparison;
import tools.program.LpipsOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.StopSignal;
import tools.program.Version;
import tools.systems.Contest;
import tools.systems.Entrants;
import tools.systems.Entry;
import tools.systems.SystemsOptions;
import tools.systems.SystemsTable;

/** Compares videos pair by pair, or systems. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Compares two folders of videos pair by pair, such as originals and what an autoencoder made"
          + " of them: PSNR, SSIM, LPIPS where its weights are given, and how well frames follow"
          + " from each other by TV-L1 flow.",
      "A pair has equal names but for the ending, or else an equal last number: 01_recon.mp4 goes"
          + " with test_1_origin.mp4. Both have the same size and number of frames.",
      "With --systems or --data it trains systems on the same clips with the same number of"
          + " multiply-adds, draws as many clips of each with the same seeds, measures all as evaluate"
          + " does, and writes compare.md, compare.json and compare.html. A folder that holds such a"
          + " comparison is continued."
    })
public final class Compare extends Program {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ORIGINALS",
      description = "folder of videos")
  Path originals;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OTHERS",
      description = "folder of videos made of them")
  Path others;

  @Mixin LpipsOptions lpips;

  @Mixin SystemsOptions systems;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "where compare.json goes, and all of a comparison of systems (default:"
              + " ${DEFAULT-VALUE})")
  Path out = Path.of("out", "compare");

  private int code;

  public static void main(String[] args) {
    System.exit(execute(new Compare(), args));
  }

  @Override
  protected void run() throws Exception {
    lpips.check();
    if (systems.areGiven() && originals == null) {
      systems();
    } else if (others == null || systems.areGiven()) {
      throw new IllegalArgumentException(
          "wants two folders of videos, ORIGINALS and OTHERS, or else --systems or --data");
    } else {
      pairs();
    }
  }

  @Override
  protected int exitCode() {
    return code;
  }

  private void systems() throws Exception {
    Contest.Settings settings = systems.settings();
    systems.data().check();
    OutputFolder.ready(out);
    Entrants entrants =
        Entrants.read(systems.names(), systems.budget(), systems.seed(), systems.data());
    try (StopSignal stop = StopSignal.install()) {
      Contest contest = new Contest(entrants.all(), settings, out, stop);
      contest.check();
      stop.saving();
      List<Entry> entries;
      try {
        entries = contest.run();
      } catch (Extraction.Stopped e) {
        entries = List.of();
      }
      stop.saved();
      if (entries.isEmpty()) {
        Output.say("stopped and saved; the same command continues");
        code = stop.exitCode();
        return;
      }
      SystemsTable table = new SystemsTable(entries, entrants.budget(), settings);
      table.write(out);
      table.lines().forEach(line -> Output.result("%s", line));
      Output.result("%s", out.resolve("compare.html"));
    }
  }

  private void pairs() throws Exception {
    OutputFolder.ready(out);
    PairwiseComparison comparison = PairwiseComparison.of(originals, others, lpips.open());
    comparison.alone().forEach(name -> Output.say("left out, no pair: " + name));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("originals", originals.toString());
    settings.put("others", others.toString());
    Path file = out.resolve("compare.json");
    comparison.write(file, settings);
    comparison.lines().forEach(line -> Output.result("%s", line));
    Output.result("%s", file);
  }
}
