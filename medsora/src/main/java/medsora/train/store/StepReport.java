package medsora.train.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a training step did.
 *
 * @param step steps done, this one included
 * @param losses the total under {@link #TOTAL} first, then its parts by name, and where they were
 *     measured the loss on held-out data under {@link #VALIDATION} and what a watch saw
 */
public record StepReport(
    String stage,
    long step,
    Map<String, Double> losses,
    double gradientNorm,
    double learningRate,
    double seconds) {
  /** The name of what is minimised. */
  public static final String TOTAL = "loss";

  /** The name of the loss of the averaged weights on held-out data. */
  public static final String VALIDATION = "validation";

  /** The same with further values by their names. */
  public StepReport with(Map<String, Double> more) {
    Map<String, Double> all = new LinkedHashMap<>(losses);
    all.putAll(more);
    return new StepReport(stage, step, all, gradientNorm, learningRate, seconds);
  }

  /** What is minimised. */
  public double loss() {
    return Objects.requireNonNull(losses.get(TOTAL), TOTAL);
  }
}
