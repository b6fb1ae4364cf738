package tools;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.conform.Conformance;
import tools.conform.FileResult;
import tools.conform.FileResult.Outcome;
import tools.conform.Row;
import tools.program.Output;
import tools.program.Program;
import tools.program.Version;

/** Holds the modules against files of reference numbers. */
@Command(
    name = "conform",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Runs every file of reference numbers that lies directly in DIR against the module of its"
          + " name, in profile reference, and prints each tensor's error, limit and verdict.",
      "Formats, names and limits: testdata/reference/README.md. The last line counts files; the"
          + " exit code is 0 only if none failed."
    })
public final class Conform extends Program {
  @Parameters(paramLabel = "DIR", description = "folder with *.safetensors files")
  Path folder;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "limit of every tensor in place of its own")
  Double tolerance;

  @Option(
      names = "--no-verbose",
      negatable = true,
      description =
          "print every tensor, or only failures and the worst of each file"
              + " (default: every tensor)")
  boolean verbose = true;

  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

  public static void main(String[] args) {
    System.exit(execute(new Conform(), args));
  }

  @Override
  protected void run() throws Exception {
    if (tolerance != null && !(tolerance >= 0)) {
      throw new IllegalArgumentException("--tolerance wants a number from 0 on, got " + tolerance);
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + " is not a folder");
    }
    List<Path> files = Conformance.files(folder);
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          folder + " has no file with the name of a fixture, such as ssd_scan.safetensors");
    }
    new Conformance(tolerance).run(files, this::show);
    Output.result(
        "%d passed, %d failed, %d skipped",
        count(Outcome.PASSED), count(Outcome.FAILED), count(Outcome.SKIPPED));
  }

  @Override
  protected int exitCode() {
    return count(Outcome.FAILED) == 0 ? 0 : 1;
  }

  private int count(Outcome outcome) {
    return counts.getOrDefault(outcome, 0);
  }

  private void show(FileResult result) {
    counts.merge(result.outcome(), 1, Integer::sum);
    Output.result("%s %s%s", verdict(result), result.file(), summary(result));
    Row worst = result.worst().orElse(null);
    for (Row row : result.rows()) {
      boolean notable = row.verdict() != Row.Verdict.OK || row.equals(worst);
      if (verbose || notable) {
        show(row);
      }
    }
  }

  private static String verdict(FileResult result) {
    return switch (result.outcome()) {
      case PASSED -> "PASS";
      case FAILED -> "FAIL";
      case SKIPPED -> "SKIP";
    };
  }

  private static String summary(FileResult result) {
    if (result.outcome() == Outcome.SKIPPED) {
      return ": " + result.reason();
    }
    String counted =
        String.format(Locale.ROOT, " (%d tensors, %.1f s)", result.rows().size(), result.seconds());
    return result.reason().isEmpty() ? counted : counted + ": " + result.reason();
  }

  private static void show(Row row) {
    String remark = row.remark().isEmpty() ? "" : "  " + row.remark();
    Output.result(
        "  %-4s %-60s error %-9s limit %-9s%s",
        switch (row.verdict()) {
          case OK -> "ok";
          case FAIL -> "FAIL";
          case UNCHECKED -> "-";
        },
        row.name(),
        figure(row.error()),
        figure(row.limit()),
        remark);
  }

  private static String figure(double value) {
    if (Double.isNaN(value)) {
      return "none";
    }
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
  }
}
