package medsora.train.store;

import java.util.Map;

/**
 * What a training step did.
 *
 * @param step steps done, this one included
 * @param losses the total under "loss" first, then its parts by name
 */
public record StepReport(
    String stage,
    long step,
    long steps,
    Map<String, Double> losses,
    double gradientNorm,
    double learningRate,
    double seconds) {}
