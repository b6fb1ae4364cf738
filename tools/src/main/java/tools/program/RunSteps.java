package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import medsora.train.Checkpoint;
import medsora.train.RunFolder;

/** How far the stages of a run folder are. */
public final class RunSteps {
  private RunSteps() {}

  /** Steps that a stage has done, 0 where it has not begun. */
  public static long done(RunFolder folder, String stage) throws IOException {
    Checkpoint.Info info = Checkpoint.info(folder.checkpoint(stage));
    return info == null ? 0 : info.step();
  }

  /**
   * Refuses a run that would have to go back; called before any data is read.
   *
   * @throws IllegalArgumentException where the stage already did more than is asked for
   */
  public static void refuseFewer(RunFolder folder, String stage, long wanted) throws IOException {
    long done = done(folder, stage);
    if (done > wanted) {
      Path file = folder.checkpoint(stage);
      throw new IllegalArgumentException(
          "%s already did %d steps, more than the %d asked for; ask for at least %d, or choose"
                  .formatted(file, done, wanted, done)
              + " another --out");
    }
  }
}
