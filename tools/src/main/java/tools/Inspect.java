package tools;

import java.nio.file.Path;
import medsora.denoiser.DenoiserConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.inspect.Comparison;
import tools.inspect.Inspection;
import tools.inspect.ModelComparison;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;

/** Says what a model is made of and what it costs. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Prints the modules of a model with their shapes, parameters and multiply-adds (in G, of one"
          + " clip, forward), and the memory of a training step.",
      "The model runs on shapes alone: no weights are allocated, nothing is computed."
    })
public final class Inspect extends Program {
  /** Profiles by name. */
  enum Profile {
    paper,
    reference
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "CONFIG",
      description =
          "MedSora-S, MedSora-B, MedSora-L, MedSora-XL, vae, a built-in configuration (tiny, demo)"
              + " or a YAML file")
  String config;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES} (default: as configured; paper)")
  Profile profile;

  @Option(names = "--full", description = "every module on a line of its own")
  boolean full;

  @Option(
      names = "--compare",
      description = "instead: Eq. 11 of the paper as the clip grows, as table and chart")
  boolean compare;

  @Option(
      names = "--compare-models",
      description =
          "instead, without CONFIG: Figure 6 of the paper, MedSora and Endora of sizes S, B and L by"
              + " counting, beside what the paper says of them")
  boolean compareModels;

  @Option(
      names = "--memory",
      description =
          "instead: the most that predictions and training steps hold at once, when, and of which"
              + " modules, without and with recomputation")
  boolean memory;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "where --compare draws its chart (default: ${DEFAULT-VALUE})")
  Path chart = Path.of("out", "compare.png");

  public static void main(String[] args) {
    System.exit(execute(new Inspect(), args));
  }

  @Spec CommandSpec spec;

  @Override
  protected void run() throws Exception {
    if (compareModels != (config == null)) {
      throw new ParameterException(
          spec.commandLine(),
          compareModels
              ? "--compare-models has models of its own: leave " + config + " away"
              : "wants a CONFIG, such as MedSora-B, or --compare-models");
    }
    if (compareModels) {
      ModelComparison.counted().lines().forEach(line -> Output.result("%s", line));
      return;
    }
    Inspection inspection = Inspection.of(config, profile == null ? null : profile.name());
    if (compare) {
      OutputFolder.readyFor(chart);
      Comparison comparison = new Comparison(DenoiserConfig.of(inspection.config().denoiser()));
      comparison.text().forEach(line -> Output.result("%s", line));
      comparison.draw(chart);
      Output.result("chart: %s", chart);
    } else if (memory) {
      inspection.memory().forEach(line -> Output.result("%s", line));
    } else {
      inspection.lines(full).forEach(line -> Output.result("%s", line));
    }
  }
}
