package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;

import engine.tensor.Tensor;

/**
 * One step of the reverse process, Eq. 2: p(x_{t-1} | x_t) = N(mean, variance I) with the mean of
 * q(x_{t-1} | x_t, x_0) at the x_0 that the network's noise implies; the variance is the
 * posterior's, or lies between it and beta where the network learns it. Coefficients come from the
 * schedule, rounded to float32.
 */
record Posterior(Schedule schedule, int t) {

  /** x_0 = sqrt(1/abar) x_t - sqrt(1/abar - 1) eps. */
  Tensor start(Tensor noised, Tensor eps) {
    return sub(
        scale(noised, (float) schedule.sqrtRecipAlphaCumprod(t)),
        scale(eps, (float) schedule.sqrtRecipMinusOneAlphaCumprod(t)));
  }

  /** The noise that x_t holds if x_0 is {@code start}: the inverse of {@link #start}. */
  Tensor noise(Tensor noised, Tensor start) {
    Tensor difference = sub(scale(noised, (float) schedule.sqrtRecipAlphaCumprod(t)), start);
    return div(difference, Tensor.scalar((float) schedule.sqrtRecipMinusOneAlphaCumprod(t)));
  }

  /** The mean of Eq. 2: c1 x_0 + c2 x_t. */
  Tensor mean(Tensor start, Tensor noised) {
    return add(
        scale(start, (float) schedule.posteriorMeanCoefficient1(t)),
        scale(noised, (float) schedule.posteriorMeanCoefficient2(t)));
  }

  /** log of the posterior variance as the network's float32 arithmetic knows it. */
  private float logVariance() {
    return (float) schedule.posteriorLogVarianceClipped(t);
  }

  /**
   * By how much a learned log-variance exceeds that of the posterior: frac (log(beta) -
   * log(posterior variance)), frac = (v + 1) / 2. Small numbers, where the log-variances themselves
   * are large.
   */
  Tensor learnedExcess(Tensor v) {
    double span = (double) (float) schedule.logBeta(t) - logVariance();
    return scale(affine(v, 0.5f, 0.5f), (float) span);
  }

  /** 1 / posterior variance. */
  float inverseVariance() {
    return (float) StrictMath.exp(-(double) logVariance());
  }

  /** 1 / standard deviation of the learned variance. */
  Tensor inverseDeviation(Tensor excess) {
    return scale(exp(scale(excess, -0.5f)), (float) StrictMath.exp(-0.5 * logVariance()));
  }

  /** The standard deviation of the learned variance. */
  Tensor deviation(Tensor excess) {
    return scale(exp(scale(excess, 0.5f)), (float) StrictMath.exp(0.5 * logVariance()));
  }
}
