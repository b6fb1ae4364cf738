package medsora.train;

import engine.io.Printable;
import java.io.IOException;
import java.util.Map;
import medsora.config.TrainConfig;
import medsora.train.store.Checkpoint;

/**
 * The course of the loss on held-out clips, and what early stopping makes of it. All that it
 * remembers is in the checkpoint.
 */
final class Validation {
  private static final String BEST = "validation_best";
  private static final String BEST_STEP = "validation_best_step";
  private static final String WORSE = "validation_worse";

  private final TrainConfig.EarlyStopping settings;
  private double best = Double.POSITIVE_INFINITY;
  private long bestStep;
  private int worse;
  private boolean improved;

  Validation(TrainConfig.EarlyStopping settings) {
    this.settings = settings;
  }

  /** Whether the loss is to be measured after so many steps. */
  boolean isDue(long step) {
    improved = false;
    return settings.every() > 0 && step % settings.every() == 0;
  }

  void measured(long step, double loss) {
    improved = loss < best;
    if (improved) {
      best = loss;
      bestStep = step;
      worse = 0;
    } else {
      worse++;
    }
  }

  /** Whether the last step gave the best loss so far. */
  boolean isBest() {
    return improved;
  }

  boolean isDone() {
    return settings.every() > 0 && settings.patience() > 0 && worse >= settings.patience();
  }

  /** What a checkpoint has to say; nothing before the first measurement. */
  void describe(Map<String, String> extra) {
    if (bestStep > 0) {
      extra.put(BEST, Double.toString(best));
      extra.put(BEST_STEP, Long.toString(bestStep));
      extra.put(WORSE, Integer.toString(worse));
    }
  }

  /**
   * Continues from what a checkpoint says.
   *
   * @throws IOException where that is no course of a loss
   */
  void resume(Map<String, String> extra) throws IOException {
    String loss = extra.get(BEST);
    if (loss == null) {
      return;
    }
    try {
      best = Double.parseDouble(loss);
      bestStep = Long.parseLong(extra.getOrDefault(BEST_STEP, ""));
      worse = Integer.parseInt(extra.getOrDefault(WORSE, ""));
    } catch (NumberFormatException e) {
      throw new IOException(
          "[checkpoint] its course of validation is not one of numbers: %s '%s'; %s"
              .formatted(BEST, Printable.brief(loss), Checkpoint.REMEDY),
          e);
    }
  }
}
