package tools;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;
import tools.soak.Crews;
import tools.soak.KillRuns;
import tools.soak.Launcher;
import tools.soak.Moment;

/** Kills training processes and looks at what becomes of their runs. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains both stages in processes that are killed (kill -9) at random moments, half of them"
          + " inside the write of a checkpoint, and started again by the same command.",
      "With --ranks one rank of several is killed, and another number of ranks goes on.",
      "Ends with code 0 where every checkpoint that was left is whole and every run that was"
          + " finished equals an undisturbed one byte for byte."
    })
public final class Soak extends Program {
  @Option(names = "--kills", paramLabel = "N", description = "(default: ${DEFAULT-VALUE})")
  int kills = 50;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of the moments that are drawn (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "of each stage, a checkpoint after every one (default: ${DEFAULT-VALUE})")
  long steps = 30;

  @Option(
      names = "--config",
      paramLabel = "NAME|FILE",
      description = "what is trained (default: ${DEFAULT-VALUE})")
  String config = "tiny";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "of the configuration, as ./run train has it; several times")
  List<String> settings = List.of();

  @Option(
      names = "--ranks",
      split = ",",
      paramLabel = "N",
      description =
          "numbers of ranks that mpirun starts, one drawn for each start, each another than the one"
              + " before (default: no mpirun)")
  List<Integer> ranks = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "new or empty folder for runs and logs (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "soak");

  private boolean failed;

  public static void main(String[] args) {
    System.exit(execute(new Soak(), args));
  }

  @Override
  protected void run() throws Exception {
    if (kills < 1 || steps < 1) {
      throw new IllegalArgumentException("--kills and --steps want at least 1");
    }
    requireEmpty(OutputFolder.ready(out));
    long begun = System.nanoTime();
    Random random = new Random(seed);
    KillRuns runs =
        new KillRuns(
            Train.class,
            crews(random),
            out,
            configuration(),
            steps,
            life -> Moment.draw(random, life),
            Output::say);
    List<String> faults = runs.run(kills);
    List<String> table = table(runs.kills());
    WholeFile.write(
        out.resolve("kills.md"),
        (String.join("\n", table) + "\n").getBytes(StandardCharsets.UTF_8));
    table.forEach(line -> Output.result("%s", line));
    faults.forEach(fault -> Output.result("FAULT %s", fault));
    failed = !faults.isEmpty();
    Output.result(
        "%d kills in %d runs, %.0f s: %s",
        runs.kills().size(),
        runs.runs(),
        (System.nanoTime() - begun) * 1e-9,
        failed ? "FAILED" : "every run equals the undisturbed one byte for byte");
  }

  private Crews crews(Random random) throws IOException, InterruptedException {
    if (ranks.isEmpty()) {
      return new Crews.Alone();
    }
    Launcher launcher =
        Launcher.find().orElseThrow(() -> new IOException("--ranks wants an mpirun on the path"));
    return new Crews.Ranks(launcher, ranks, random);
  }

  private List<String> configuration() {
    List<String> words = new ArrayList<>(List.of("--config", config));
    settings.forEach(each -> words.addAll(List.of("--set", each)));
    return words;
  }

  @Override
  protected int exitCode() {
    return failed ? 1 : 0;
  }

  private static void requireEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new IOException(
            "output folder " + folder + " is not empty; choose another --out",
            new DirectoryNotEmptyException(folder.toString()));
      }
    }
  }

  private static List<String> table(List<KillRuns.Kill> kills) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| kill | run | moment | age | steps left whole | unfinished files | continued after |");
    lines.add("|---|---|---|---|---|---|---|");
    for (int i = 0; i < kills.size(); i++) {
      KillRuns.Kill k = kills.get(i);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %d | %d | %s | %.2f s | %s | %s | %s |",
              i + 1,
              k.run(),
              k.rank().isEmpty() ? k.moment() : k.rank() + ", " + k.moment(),
              k.seconds(),
              words(k.found().steps()),
              words(k.found().unfinished()),
              words(k.resumed())));
    }
    return lines;
  }

  private static String words(Map<String, Long> values) {
    return values.isEmpty()
        ? "none"
        : String.join(
            ", ", values.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
  }
}
