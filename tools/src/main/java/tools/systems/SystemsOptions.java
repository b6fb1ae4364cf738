package tools.systems;

import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.program.DataOptions;
import tools.program.MemoryOptions;

/** What {@code compare} is told to compare systems. */
public final class SystemsOptions {
  private static final List<String> ALL = List.of("medsora", "endora", "lvdm");

  @Option(
      names = "--systems",
      split = ",",
      paramLabel = "NAME[=CONFIG]",
      description = {
        "instead of two folders: systems that are trained and compared, medsora, endora, lvdm (at"
            + " demo size), or any name with a built-in configuration or a YAML file (default with"
            + " --data: all three)"
      })
  List<String> systems = List.of();

  @Mixin DataOptions data;

  @Option(
      names = "--budget",
      paramLabel = "G",
      description =
          "multiply-adds in G that each system may spend on training (default: what the first one is"
              + " configured for)")
  Double budget;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "clips that are drawn of each system (default: ${DEFAULT-VALUE})")
  int count = 32;

  @Option(
      names = "--sample-steps",
      paramLabel = "N",
      description = "steps of DPM-Solver++ to a clip (default: ${DEFAULT-VALUE})")
  int sampleSteps = 20;

  @Option(
      names = "--motion-clips",
      paramLabel = "N",
      description = "clips of each set whose flow is estimated (default: ${DEFAULT-VALUE})")
  int motionClips = 16;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "of the trainings and of the drawn clips (default: ${DEFAULT-VALUE})")
  long seed;

  @Mixin MemoryOptions memory;

  /** Whether systems are asked for. */
  public boolean areGiven() {
    return !systems.isEmpty() || data.isGiven();
  }

  /** Which. */
  public List<String> names() {
    return systems.isEmpty() ? ALL : systems;
  }

  /** Multiply-adds in G, or null. */
  public Double budget() {
    return budget;
  }

  /** Of trainings and draws. */
  public long seed() {
    return seed;
  }

  /** The clips. */
  public DataOptions data() {
    return data;
  }

  /** How they are compared. */
  public Contest.Settings settings() {
    return new Contest.Settings(count, seed, sampleSteps, motionClips, memory.force);
  }
}
