package medsora.train;

import java.io.IOException;
import java.util.Map;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.StepReport;

/** One of the two stages of training: it can do a step, and everything it changes is its state. */
public interface Stage {
  String name();

  TrainState state();

  /** What decides the results of this stage; a checkpoint of another is refused. */
  Identity identity();

  /**
   * Takes a checkpoint's word for what the run began from, so that weights given at its start need
   * not be given again: the checkpoint replaces every value.
   */
  void adopt(Checkpoint.Info checkpoint);

  /** Does the next step. */
  StepReport step();

  /** Told what the checkpoint says that the state was read from. */
  default void resumed(Checkpoint.Info checkpoint) throws IOException {}

  /** Whether it keeps the checkpoint of its best step beside that of its last. */
  default boolean keepsBest() {
    return false;
  }

  /** Whether the last step is the best so far, by a measure of the stage's own. */
  default boolean isBest() {
    return false;
  }

  /** Whether it has nothing more to gain from further steps. */
  default boolean isDone() {
    return false;
  }

  /** What its checkpoint holds beside the state. */
  default Map<String, String> extra() {
    return Map.of();
  }

  /** Called once after the last step, before the final checkpoint. */
  default void finish() throws IOException {}
}
