package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.slice;

import engine.random.RandomKey;
import engine.tensor.Tensor;

/** The Gaussian posterior of latents: mean and log-variance, each [b, C, t, h, w]. */
public record Moments(Tensor mean, Tensor logVariance) {
  private static final float MIN_LOG_VARIANCE = -30f;
  private static final float MAX_LOG_VARIANCE = 20f;

  /** Out of mean and raw log-variance [b, 2C, ..]; this is kept within -30 and 20. */
  public static Moments of(Tensor raw) {
    int channels = raw.dim(1) / 2;
    Tensor logVariance = slice(raw, 1, channels, 2 * channels);
    return new Moments(
        slice(raw, 1, 0, channels), clamp(logVariance, MIN_LOG_VARIANCE, MAX_LOG_VARIANCE));
  }

  /** mean + exp(logVariance / 2) * noise, [b, C, t, h, w]. */
  public Tensor sample(RandomKey key) {
    float[] noise = new float[mean.size()];
    key.random().normal(noise, 0, noise.length);
    return add(mean, mul(exp(scale(logVariance, 0.5f)), Tensor.of(mean.shape(), noise)));
  }
}
