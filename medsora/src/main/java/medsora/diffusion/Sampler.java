package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the reverse process of Eq. 2 from noise to a sample. DDIM (Song et al., 2020) is
 * deterministic at eta 0; DDPM (Ho et al., 2020) draws at each step with the learned variance, or
 * with the posterior variance where the network learns none. DPM-Solver++(2M) and UniPC go the way
 * of DDIM with eta 0 in a tenth of the steps: they follow the estimates of x_0 by a polynomial
 * where DDIM takes each for constant.
 */
public final class Sampler {
  /** The bound of x_0 that is none. */
  public static final float UNBOUND = Float.POSITIVE_INFINITY;

  private static final int FRAME = 1;
  private static final int CHANNEL = 2;

  /** What is sampled with. */
  public sealed interface Method {
    /** The steps of the full process that the method is made for: evenly in t. */
    default Schedule spaced(Schedule full, int steps) {
      return full.respaced(Integer.toString(steps));
    }

    /** DDIM with its amount of noise, 0 for none. */
    record Ddim(double eta) implements Method {}

    /**
     * DDIM through the steps of latent diffusion ({@link Schedule#respacedFromSecond}), whose last
     * one ends at step 0 and draws too.
     */
    record LatentDdim(double eta) implements Method {
      @Override
      public Schedule spaced(Schedule full, int steps) {
        return full.respacedFromSecond(steps);
      }
    }

    /** Ancestral sampling. */
    record Ddpm() implements Method {}

    /** DPM-Solver++(2M) (Lu et al., 2022): second order, from the last two estimates. */
    record DpmSolver() implements Method {
      /** Evenly in log(alpha / sigma). */
      @Override
      public Schedule spaced(Schedule full, int steps) {
        return full.respacedByLambda(steps);
      }
    }

    /**
     * UniPC (Zhao et al., 2023), its B(h) = e^h - 1: a predictor of the given order, and a
     * corrector that raises it by one and asks the network no further time.
     *
     * @param order 1 to 3, as published
     */
    record UniPc(int order) implements Method {
      public UniPc {
        if (order < 1 || order > 3) {
          throw new IllegalArgumentException("[sample] UniPC's order is 1 to 3, got " + order);
        }
      }

      /** Evenly in log(alpha / sigma). */
      @Override
      public Schedule spaced(Schedule full, int steps) {
        return full.respacedByLambda(steps);
      }
    }
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

  /**
   * What is known of a sample beforehand: its first frames. At every step the estimate of x_0 has
   * them in place of what the network sees there, so that the rest is drawn to go on from them.
   *
   * @param frames [b, k, C, h, w] of the state's b, C, h and w; k less than its frames
   */
  public record Known(Tensor frames) {
    /** The estimate of x_0 with the known frames in their place. */
    Tensor in(Tensor start) {
      Shape s = start.shape();
      Shape k = frames.shape();
      ShapeException.require(
          k.rank() == s.rank()
              && k.dim(FRAME) < s.dim(FRAME)
              && s.with(FRAME, k.dim(FRAME)).equals(k),
          "sample",
          "known frames %s are no beginning of x_0 %s",
          k,
          s);
      return concat(FRAME, frames, slice(start, FRAME, k.dim(FRAME), s.dim(FRAME)));
    }
  }

  /**
   * What becomes of each estimate of x_0 before a step goes by it: clamp(gain x_0, -bound, bound).
   *
   * @param gains one for all channels, or one for each; 1 for x_0 as the network sees it. A network
   *     meets states in sampling that its own errors have moved, and what it draws varies less than
   *     its data; a gain a little above 1 gives that back. Epsilon scaling (Ning et al., 2024) said
   *     of x_0, where it holds alike at all noise levels
   * @param bound 1 for pixels; latents are not bound by the released code, {@link #UNBOUND}
   */
  public record Estimate(List<Float> gains, float bound) {
    /** As the network sees it. */
    public static final Estimate PLAIN = new Estimate(1, UNBOUND);

    public Estimate {
      gains = List.copyOf(gains);
      boolean positive = gains.stream().allMatch(gain -> gain > 0 && Float.isFinite(gain));
      if (gains.isEmpty() || !positive) {
        throw new IllegalArgumentException("[sample] wants positive gains of x_0, got " + gains);
      }
      if (!(bound > 0)) {
        throw new IllegalArgumentException("[sample] wants a positive bound of x_0, got " + bound);
      }
    }

    /** With one gain for all channels. */
    public Estimate(float gain, float bound) {
      this(List.of(gain), bound);
    }

    Tensor of(Tensor start) {
      Tensor larger = larger(start);
      return bound == UNBOUND ? larger : clamp(larger, -bound, bound);
    }

    private Tensor larger(Tensor start) {
      if (gains.size() == 1) {
        float gain = gains.getFirst();
        return gain == 1 ? start : scale(start, gain);
      }
      ShapeException.require(
          start.dim(CHANNEL) == gains.size(),
          "sample",
          "x_0 %s has not the %d channels that there are gains for",
          start.shape(),
          gains.size());
      float[] values = new float[gains.size()];
      for (int c = 0; c < values.length; c++) {
        values[c] = gains.get(c);
      }
      return mul(start, Tensor.of(Shape.of(1, 1, values.length, 1, 1), values));
    }
  }

  private final Schedule schedule;
  private final Method method;
  private final Estimate estimate;

  /** A sampler whose estimates of x_0 are treated as said. */
  public Sampler(Schedule schedule, Method method, Estimate estimate) {
    this.schedule = schedule;
    this.method = method;
    this.estimate = estimate;
  }

  /** A sampler whose estimates of x_0 are clamped to [-bound, bound] and no more. */
  public Sampler(Schedule schedule, Method method, float bound) {
    this(schedule, method, new Estimate(1, bound));
  }

  /** From the noise {@code z} to a sample of the same shape. */
  public Tensor sample(Network network, Tensor z, Noise noise, Observer observer) {
    Trajectory trajectory = begin(network, z, noise, observer);
    trajectory.finish();
    return trajectory.state();
  }

  /** The way from the noise {@code z} to a sample of the same shape, before its first step. */
  public Trajectory begin(Network network, Tensor z, Noise noise, Observer observer) {
    return begin(network, z, noise, observer, null);
  }

  /**
   * The same where something of the sample is known.
   *
   * @param z [b, f, C, h, w]
   * @param known null where nothing is
   */
  public Trajectory begin(
      Network network, Tensor z, Noise noise, Observer observer, @Nullable Known known) {
    return new Trajectory(network, z, noise, observer, known);
  }

  /**
   * One step of the process by itself; a method that follows former steps begins anew.
   *
   * @param x [b, f, C, h, w], the state before step {@code index}
   * @return the state behind it, of the same shape
   */
  public Tensor step(Network network, Tensor x, int index, Noise noise, Observer observer) {
    Trajectory only = new Trajectory(network, x, noise, observer, null);
    only.left = index + 1;
    only.step();
    if (only.left > 0) {
      only.walk.end();
    }
    return only.state();
  }

  /** The way from noise to a sample, step by step; its steps may be done by several threads. */
  public final class Trajectory {
    private final Network network;
    private final Tensor z;
    private final Observer observer;
    private final @Nullable Known known;
    private final Walk walk;
    private Tensor x;
    private int left = schedule.steps();

    private Trajectory(
        Network network, Tensor z, Noise noise, Observer observer, @Nullable Known known) {
      this.network = network;
      this.z = z;
      this.x = z;
      this.observer = observer;
      this.known = known;
      this.walk = walk(z, noise);
    }

    /** Does one step where there is one left. */
    public void step() {
      if (left == 0) {
        return;
      }
      left--;
      try (Tape scope = Tape.noGrad()) {
        Tensor next = advanced(scope);
        scope.keep(next);
        release(next);
      }
      if (left == 0) {
        walk.end();
      }
    }

    /** The state behind step {@code left}. */
    private Tensor advanced(Tape scope) {
      Posterior posterior = new Posterior(schedule, left);
      Seen seen = seen(network, x, posterior);
      Tensor start = known == null ? seen.start : known.in(seen.start);
      Tensor next = walk.next(posterior, x, start, seen.variance, scope);
      observer.step(left, next, start);
      return next;
    }

    /** Does all steps that are left. */
    public void finish() {
      while (left > 0) {
        step();
      }
    }

    /** Where the last step led to: [b, f, C, h, w]. */
    public Tensor state() {
      return x;
    }

    /** The old state goes back to the pool at once, unless it is the caller's. */
    private void release(Tensor next) {
      if (x != z) {
        x.storage().release();
      }
      x = next;
    }
  }

  /** How a step leads to the next. */
  private interface Walk {
    /**
     * The state of the next step.
     *
     * @param v the learned variance, or null
     * @param scope what is made in the step ends with it
     */
    Tensor next(Posterior posterior, Tensor x, Tensor start, @Nullable Tensor v, Tape scope);

    default void end() {}
  }

  private Walk walk(Tensor z, Noise noise) {
    return switch (method) {
      case Method.Ddim ddim -> (p, x, start, v, scope) -> ddim(p, x, start, noise, ddim.eta());
      case Method.LatentDdim ddim ->
          (p, x, start, v, scope) -> ddim(p, x, start, noise, ddim.eta());
      case Method.Ddpm ddpm -> (p, x, start, v, scope) -> ddpm(p, x, start, v, noise);
      case Method.DpmSolver dpm -> multistep(MultistepWalk.dpmSolver(schedule, z));
      case Method.UniPc uniPc -> multistep(MultistepWalk.uniPc(schedule, z, uniPc.order()));
    };
  }

  private static Walk multistep(MultistepWalk walk) {
    return new Walk() {
      @Override
      public Tensor next(Posterior p, Tensor x, Tensor start, @Nullable Tensor v, Tape scope) {
        return walk.next(p.t(), x, start, scope);
      }

      @Override
      public void end() {
        walk.end();
      }
    };
  }

  /**
   * What the network sees in a state.
   *
   * @param start the estimate of x_0, as {@link Estimate} leaves it
   * @param variance as it is learned, or null
   */
  private record Seen(Tensor start, @Nullable Tensor variance) {}

  private Seen seen(Network network, Tensor x, Posterior posterior) {
    float[] t = new float[x.dim(0)];
    Arrays.fill(t, schedule.originalStep(posterior.t()));
    Tensor prediction = network.predict(x, t);
    int channels = x.dim(CHANNEL);
    boolean learned = prediction.dim(CHANNEL) == 2 * channels;
    Tensor eps = learned ? slice(prediction, CHANNEL, 0, channels) : prediction;
    Tensor v = learned ? slice(prediction, CHANNEL, channels, 2 * channels) : null;
    return new Seen(estimate.of(posterior.start(x, eps)), v);
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
    // None before the first step, where the abar before it is 1.
    return sigma == 0 ? mean : add(mean, scale(noise.draw(i, x.shape()), sigma));
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
