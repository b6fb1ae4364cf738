package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.RunFolder;

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
}
