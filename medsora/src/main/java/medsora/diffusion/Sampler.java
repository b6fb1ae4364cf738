package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Walks the reverse process of Eq. 2 from noise to a sample. DDIM (Song et al., 2020) is
 * deterministic at eta 0; DDPM (Ho et al., 2020) draws at each step with the learned variance, or
 * with the posterior variance where the network learns none.
 */
public final class Sampler {
  private static final int CHANNEL = 2;

  /** What is sampled with. */
  public sealed interface Method {
    /** DDIM with its amount of noise, 0 for none. */
    record Ddim(double eta) implements Method {}

    /** Ancestral sampling. */
    record Ddpm() implements Method {}
  }

  /** The network that is sampled from. */
  @FunctionalInterface
  public interface Network {
    /**
     * The noise that it sees in x, and on the channels behind, if it learns one, the variance.
     *
     * @param x [b, f, C, h, w]
     * @param t the step of each sample on the original scale
     * @return [b, f, C, h, w], with a learned variance [b, f, 2 C, h, w]
     */
    Tensor predict(Tensor x, float[] t);
  }

  /** Where the sampler's draws come from. */
  @FunctionalInterface
  public interface Noise {
    /** Standard normal draws, of any shape, for step {@code index} (steps - 1 is the noisiest). */
    Tensor draw(int index, Shape shape);
  }

  /** Is told the state after each step. */
  @FunctionalInterface
  public interface Observer {
    /**
     * Looks at step {@code index}.
     *
     * @param sample x behind the step [b, f, C, h, w]
     * @param start the estimate of x_0, of the same shape
     */
    void step(int index, Tensor sample, Tensor start);
  }

  private final Schedule schedule;
  private final Method method;
  private final boolean clip;

  /**
   * @param clip whether estimates of x_0 are clamped to [-1, 1] (pixels; latents are not)
   */
  public Sampler(Schedule schedule, Method method, boolean clip) {
    this.schedule = schedule;
    this.method = method;
    this.clip = clip;
  }

  /** From the noise {@code z} to a sample of the same shape. */
  public Tensor sample(Network network, Tensor z, Noise noise, Observer observer) {
    Tensor x = z;
    for (int i = schedule.steps() - 1; i >= 0; i--) {
      try (Tape scope = Tape.noGrad()) {
        Tensor next = step(network, x, noise, observer, i);
        scope.keep(next);
        x = release(x, z, next);
      }
    }
    return x;
  }

  /** The old state goes back to the pool at once, unless it is the caller's. */
  private static Tensor release(Tensor old, Tensor z, Tensor next) {
    if (old != z) {
      old.storage().release();
    }
    return next;
  }

  private Tensor step(Network network, Tensor x, Noise noise, Observer observer, int i) {
    float[] t = new float[x.dim(0)];
    java.util.Arrays.fill(t, schedule.originalStep(i));
    Tensor prediction = network.predict(x, t);
    int channels = x.dim(CHANNEL);
    boolean learned = prediction.dim(CHANNEL) == 2 * channels;
    Tensor eps = learned ? slice(prediction, CHANNEL, 0, channels) : prediction;
    Posterior posterior = new Posterior(schedule, i);
    Tensor start = posterior.start(x, eps);
    if (clip) {
      start = clamp(start, -1f, 1f);
    }
    Tensor next =
        switch (method) {
          case Method.Ddim ddim -> ddim(posterior, x, start, noise, ddim.eta());
          case Method.Ddpm ddpm -> {
            Tensor v = learned ? slice(prediction, CHANNEL, channels, 2 * channels) : null;
            yield ddpm(posterior, x, start, v, noise);
          }
        };
    observer.step(i, next, start);
    return next;
  }

  private Tensor ddim(Posterior posterior, Tensor x, Tensor start, Noise noise, double eta) {
    int i = posterior.t();
    float bar = (float) schedule.alphaCumprod(i);
    float previous = (float) schedule.alphaCumprodPrevious(i);
    float sigma =
        (float) eta
            * (float) Math.sqrt((1 - previous) / (1 - bar))
            * (float) Math.sqrt(1 - (bar / previous));
    Tensor eps = posterior.noise(x, start);
    Tensor mean =
        add(
            scale(start, (float) Math.sqrt(previous)),
            scale(eps, (float) Math.sqrt(1 - previous - (sigma * sigma))));
    return i == 0 || eta == 0 ? mean : add(mean, scale(noise.draw(i, x.shape()), sigma));
  }

  private Tensor ddpm(
      Posterior posterior, Tensor x, Tensor start, @Nullable Tensor v, Noise noise) {
    int i = posterior.t();
    Tensor mean = posterior.mean(start, x);
    if (i == 0) {
      return mean;
    }
    Tensor draw = noise.draw(i, x.shape());
    if (v == null) {
      return add(
          mean, scale(draw, (float) StrictMath.exp(0.5 * schedule.posteriorLogVarianceClipped(i))));
    }
    return add(mean, mul(posterior.deviation(posterior.learnedExcess(v)), draw));
  }
}
