package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;

import engine.random.RandomKey;
import engine.tensor.Tensor;

/** The Gaussian posterior of latents: mean and log-variance, each [b, C, t, h, w]. */
public record Moments(Tensor mean, Tensor logVariance) {
  /** mean + exp(logVariance / 2) * noise, [b, C, t, h, w]. */
  public Tensor sample(RandomKey key) {
    float[] noise = new float[mean.size()];
    key.random().normal(noise, 0, noise.length);
    return add(mean, mul(exp(scale(logVariance, 0.5f)), Tensor.of(mean.shape(), noise)));
  }
}
