package engine.kernel;

/**
 * One step of Adam or AdamW, every constant computed in double and rounded once (N15):
 *
 * <pre>
 * g = gradient * gradScale
 * m = beta1 * m + oneMinusBeta1 * g
 * v = beta2 * v + oneMinusBeta2 * (g * g)
 * p = p * keep - stepSize * (m / (sqrt(v) / sqrtCorrection2 + eps))
 * </pre>
 *
 * each written operation rounded on its own. {@code stepSize = lr / (1 - beta1^t)}, {@code
 * sqrtCorrection2 = sqrt(1 - beta2^t)}, {@code keep = 1 - lr * weightDecay} (AdamW; Adam: 1),
 * {@code gradScale} is the clipping coefficient.
 */
public record AdamArgs(
    float beta1,
    float oneMinusBeta1,
    float beta2,
    float oneMinusBeta2,
    float sqrtCorrection2,
    float eps,
    float stepSize,
    float keep,
    float gradScale) {}
