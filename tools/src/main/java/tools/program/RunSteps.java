package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.train.Checkpoint;
import medsora.train.DenoiserObjective;
import medsora.train.RunFolder;
import medsora.train.VaeObjective;

/** How far the stages of a run folder are. */
public final class RunSteps {
  private RunSteps() {}

  /** What a run that failed has left, as the end of a message; empty where that is nothing. */
  public static String standing(Path folder) {
    StringBuilder words = new StringBuilder();
    for (String stage : List.of(VaeObjective.NAME, DenoiserObjective.NAME)) {
      try {
        Path file = RunFolder.checkpoint(folder, stage);
        Checkpoint.Info info = Checkpoint.info(file);
        if (info != null) {
          words.append("; ").append(file).append(" of step ").append(info.step());
          words.append(" is whole, and the same command continues from it");
        }
      } catch (IOException e) {
        // It cannot be read, so there is nothing to promise.
      }
    }
    return words.toString();
  }

  /** Steps that a stage has done, 0 where it has not begun. */
  public static long done(Path folder, String stage) throws IOException {
    Checkpoint.Info info = Checkpoint.info(RunFolder.checkpoint(folder, stage));
    return info == null ? 0 : info.step();
  }

  /**
   * Refuses a run that would have to go back; called before any data is read.
   *
   * @throws IllegalArgumentException where the stage already did more than is asked for
   */
  public static void refuseFewer(Path folder, String stage, long wanted) throws IOException {
    long done = done(folder, stage);
    if (done > wanted) {
      Path file = RunFolder.checkpoint(folder, stage);
      throw new IllegalArgumentException(
          "%s already did %d steps, more than the %d asked for; ask for at least %d, or choose"
                  .formatted(file, done, wanted, done)
              + " another --out");
    }
  }
}
