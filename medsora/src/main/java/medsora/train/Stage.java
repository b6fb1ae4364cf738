package medsora.train;

import java.io.IOException;
import java.util.Map;

/** One of the two stages of training: it can do a step, and everything it changes is its state. */
public interface Stage {
  String name();

  TrainState state();

  /** Does the next step. */
  StepReport step();

  /** What its checkpoint holds beside the state. */
  default Map<String, String> extra() {
    return Map.of();
  }

  /** Called once after the last step, before the final checkpoint. */
  default void finish() throws IOException {}
}
