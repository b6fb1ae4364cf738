package medsora.diffusion;

import static engine.op.elementwise.Elementwise.abs;
import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.log;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.neg;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.softplus;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.unary;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.reduce.Reduce.mean;

import engine.kernel.Unary;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The loss of the noise prediction. {@code paper}: the plain mean squared error of eps. {@code
 * reference}: plus the variational bound in bits that trains the learned variance (Nichol and
 * Dhariwal, 2021), in which the mean is detached. Latents are [b, f, C, h, w]; a learned variance
 * is the second half of the prediction's channels.
 */
public final class NoiseLoss {
  private static final double LN2 = 0.6931471805599453;
  private static final int CHANNEL = 2;
  private static final float HALF_BIN = 1f / 255f;

  /** Values beyond lie in the bins that are open to one side. */
  private static final float OPEN = 0.999f;

  private static final float CUBIC = 0.044715f;
  private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
  private static final float LOG_FLOOR = (float) StrictMath.log(1e-12);

  private final Schedule schedule;
  private final Practice.Error error;

  /** Of squared errors. */
  public NoiseLoss(Schedule schedule) {
    this(schedule, Practice.Error.SQUARED);
  }

  public NoiseLoss(Schedule schedule, Practice.Error error) {
    this.schedule = schedule;
    this.error = error;
  }

  /**
   * Per-sample terms, each [b].
   *
   * @param mse the mean error of the noise, in the measure of the loss
   * @param bound null without a learned variance
   */
  public record Terms(Tensor mse, @Nullable Tensor bound) {
    /** The mean over the batch of all terms, one element []. */
    public Tensor total() {
      return mean(bound == null ? mse : add(mse, bound));
    }
  }

  /**
   * A draw of Eq. 1 with s = 0, for each sample's own step: x_t = sqrt(abar_t) x_0 + sqrt(1 -
   * abar_t) noise.
   *
   * @param start x_0 [b, f, C, h, w]
   * @param noise standard normal, of the same shape
   * @param t steps of this process, one for each sample
   * @return x_t, of the same shape
   */
  public Tensor noised(Tensor start, Tensor noise, int[] t) {
    Tensor[] samples = new Tensor[t.length];
    for (int i = 0; i < t.length; i++) {
      samples[i] =
          add(
              scale(sample(start, i), (float) schedule.sqrtAlphaCumprod(t[i])),
              scale(sample(noise, i), (float) schedule.sqrtOneMinusAlphaCumprod(t[i])));
    }
    return concat(0, samples);
  }

  /**
   * The first term of Eq. 17 of each sample, the mean of (noise - eps)^2 over a sample's elements
   * (of |noise - eps| where errors are absolute), and where the network learns a variance the bound
   * that trains it.
   *
   * @param prediction what the network gave for {@link #noised}: [b, f, C, h, w], with a learned
   *     variance [b, f, 2 C, h, w]
   * @param start x_0 [b, f, C, h, w]
   * @param noise the noise in x_t, of the same shape
   * @param t the steps that were given to {@link #noised}
   */
  public Terms terms(Tensor prediction, Tensor start, Tensor noise, int[] t) {
    int channels = start.dim(CHANNEL);
    boolean learned = prediction.dim(CHANNEL) == 2 * channels;
    ShapeException.require(
        learned || prediction.dim(CHANNEL) == channels,
        "noise loss",
        "prediction %s has neither the channels of x_0 %s nor twice as many",
        prediction.shape(),
        start.shape());
    Tensor eps = learned ? slice(prediction, CHANNEL, 0, channels) : prediction;
    Tensor[] mse = new Tensor[t.length];
    Tensor[] bound = new Tensor[t.length];
    for (int i = 0; i < t.length; i++) {
      mse[i] = single(measured(sub(sample(noise, i), sample(eps, i))));
      if (learned) {
        Tensor v = sample(slice(prediction, CHANNEL, channels, 2 * channels), i);
        bound[i] = bound(sample(eps, i).detach(), v, sample(start, i), sample(noise, i), t[i]);
      }
    }
    return new Terms(concat(0, mse), learned ? concat(0, bound) : null);
  }

  private Tensor measured(Tensor difference) {
    return error == Practice.Error.SQUARED ? square(difference) : abs(difference);
  }

  /**
   * KL(q || p) in bits for t > 0; the discretised negative log-likelihood of x_0 at t = 0.
   *
   * <p>Both need the difference of two means that nearly agree; see {@link #startError}.
   */
  private Tensor bound(Tensor eps, Tensor v, Tensor start, Tensor noise, int t) {
    Posterior posterior = new Posterior(schedule, t);
    Tensor excess = posterior.learnedExcess(v);
    Tensor difference = startError(eps, start, noise, t);
    Tensor nats =
        t == 0
            ? neg(logLikelihood(start, difference, posterior.inverseDeviation(excess)))
            : divergence(
                scale(difference, (float) schedule.posteriorMeanCoefficient1(t)),
                posterior.inverseVariance(),
                excess);
    return scale(single(nats), (float) (1 / LN2));
  }

  /**
   * x_0 - x_0', x_0' the estimate from x_t and eps. With x_t = A x_0 + S noise and x_0' = R x_t - M
   * eps it is M (eps - noise) + (M - R S) noise + (1 - R A) x_0: nothing that nearly agrees is
   * subtracted but eps and noise themselves. In exact arithmetic the last two terms vanish; they
   * are what the float32 tables of the released code leave.
   */
  private Tensor startError(Tensor eps, Tensor start, Tensor noise, int t) {
    double a = (float) schedule.sqrtAlphaCumprod(t);
    double s = (float) schedule.sqrtOneMinusAlphaCumprod(t);
    double r = (float) schedule.sqrtRecipAlphaCumprod(t);
    double m = (float) schedule.sqrtRecipMinusOneAlphaCumprod(t);
    Tensor rest = add(scale(noise, (float) (m - (r * s))), scale(start, (float) (1 - (r * a))));
    return add(scale(sub(eps, noise), (float) m), rest);
  }

  /**
   * KL between N(m, v) and N(m - difference, v exp(excess)), elementwise, in nats: (excess - 1 +
   * exp(-excess) + difference^2 / v exp(-excess)) / 2.
   */
  private static Tensor divergence(Tensor difference, float inverseVariance, Tensor excess) {
    Tensor ratio = exp(neg(excess));
    Tensor distance = mul(scale(square(difference), inverseVariance), ratio);
    return scale(add(add(affine(excess, 1f, -1f), ratio), distance), 0.5f);
  }

  /**
   * log-likelihood of values in bins of width 2/255 under a Gaussian, with the tanh approximation
   * of its distribution function; open-ended beyond +-0.999, at least log(1e-12).
   *
   * <p>The approximation is F(p) = (1 + tanh u) / 2 = sigmoid(2u). Written with softplus nothing
   * cancels: log F = -softplus(-2u), log(1 - F) = -softplus(2u), and log(F(p) - F(q)) =
   * log(expm1(2(u - l))) - softplus(2u) - softplus(-2l), where u - l has a closed form too.
   */
  private static Tensor logLikelihood(Tensor x, Tensor centred, Tensor inverse) {
    Tensor p = mul(inverse, affine(centred, 1f, HALF_BIN));
    Tensor q = mul(inverse, affine(centred, 1f, -HALF_BIN));
    Tensor upper = doubledArgument(p);
    Tensor lower = doubledArgument(q);
    Tensor below = floored(neg(softplus(neg(upper))));
    Tensor above = floored(neg(softplus(lower)));
    Tensor gap = log(unary(Unary.EXPM1, doubledGap(p, q, inverse)));
    Tensor inside = floored(sub(gap, add(softplus(upper), softplus(neg(lower)))));
    Tensor low = positive(affine(x, -1f, -OPEN));
    Tensor high = positive(affine(x, 1f, -OPEN));
    Tensor between = affine(add(low, high), -1f, 1f);
    return add(add(mul(low, below), mul(high, above)), mul(between, inside));
  }

  /**
   * 1 where x > 0, else 0, without a look at the values from outside the device. Exact, for x is
   * the difference of two floats near 1: 0, or at least 2^-24 large.
   */
  private static Tensor positive(Tensor x) {
    return clamp(scale(x, 1e30f), 0f, 1f);
  }

  private static Tensor floored(Tensor logProbability) {
    return clamp(logProbability, LOG_FLOOR, Float.MAX_VALUE);
  }

  /** 2u = 2 sqrt(2/pi) (p + 0.044715 p^3). */
  private static Tensor doubledArgument(Tensor p) {
    return scale(add(p, scale(mul(square(p), p), CUBIC)), 2 * ROOT);
  }

  /** 2(u - l) = 2 sqrt(2/pi) (p - q) (1 + 0.044715 (p^2 + pq + q^2)), p - q = inverse * bin. */
  private static Tensor doubledGap(Tensor p, Tensor q, Tensor inverse) {
    Tensor squares = add(add(square(p), mul(p, q)), square(q));
    return mul(scale(inverse, 2 * ROOT * 2 * HALF_BIN), affine(squares, CUBIC, 1f));
  }

  private static Tensor sample(Tensor x, int i) {
    return slice(x, 0, i, i + 1);
  }

  private static Tensor single(Tensor x) {
    return reshape(mean(x), 1);
  }
}
