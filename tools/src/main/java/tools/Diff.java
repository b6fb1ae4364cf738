package tools;

import java.nio.file.Path;
import java.util.List;
import medsora.audit.RunDifference;
import medsora.audit.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.program.Output;
import tools.program.VerdictProgram;
import tools.program.Version;

/** Compares two runs. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Compares two training runs: settings, data, losses step by step, hashes of the weights by"
          + " module, the tensors of their checkpoints; and says where they first part.",
      "Exit code 0: equal; 1: they differ; 2: there is nothing to compare."
    })
public final class Diff extends VerdictProgram {
  @Parameters(index = "0", paramLabel = "RUN", description = "run folder, or its manifest")
  Path first;

  @Parameters(index = "1", paramLabel = "RUN", description = "the other one")
  Path second;

  public static void main(String[] args) {
    System.exit(execute(new Diff(), args));
  }

  @Override
  protected List<Verdict> judge() throws Exception {
    RunDifference.Result found = RunDifference.of(first, second);
    found.lines().forEach(line -> Output.result("%s", line));
    return List.of(say(found.verdict()));
  }
}
