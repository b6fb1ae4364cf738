package medsora.diffusion;

import java.util.Arrays;

/**
 * The tables of a Gaussian diffusion process, with linear betas (Ho et al., 2020), in double (N14):
 * what Eq. 1 and 2 of the paper take from the schedule, alpha_t = sqrt(abar_t), sigma_t^2 = 1 -
 * abar_t. Index i is a step of this process; {@link #originalStep} says which step of the original
 * 1000 it stands for, which is what the network is told. With abar the cumulative product of 1 -
 * beta:
 *
 * <pre>
 * q(x_t | x_0)          = N(sqrt(abar) x_0, (1 - abar) I)
 * q(x_{t-1} | x_t, x_0) = N(c1 x_0 + c2 x_t, posteriorVariance I)
 *   c1 = beta sqrt(abar_prev) / (1 - abar),  c2 = (1 - abar_prev) sqrt(alpha) / (1 - abar)
 * </pre>
 */
public final class Schedule {
  public static final int ORIGINAL_STEPS = 1000;
  private static final double BETA_START = 1e-4;
  private static final double BETA_END = 0.02;

  private final int[] originalSteps;
  private final double[] betas;
  private final double[] alphasCumprod;

  /** abar of what is before the first step. */
  private final double origin;

  private Schedule(double[] betas, int[] originalSteps) {
    this(betas, originalSteps, 1);
  }

  private Schedule(double[] betas, int[] originalSteps, double origin) {
    this.betas = betas;
    this.originalSteps = originalSteps;
    this.origin = origin;
    this.alphasCumprod = new double[betas.length];
    double product = 1;
    for (int i = 0; i < betas.length; i++) {
      product *= 1 - betas[i];
      alphasCumprod[i] = product;
    }
  }

  /** All 1000 steps: beta from 1e-4 to 0.02. */
  public static Schedule full() {
    double[] betas = new double[ORIGINAL_STEPS];
    int[] steps = new int[ORIGINAL_STEPS];
    double stride = (BETA_END - BETA_START) / (ORIGINAL_STEPS - 1);
    for (int i = 0; i < betas.length; i++) {
      betas[i] = i == betas.length - 1 ? BETA_END : BETA_START + (i * stride);
      steps[i] = i;
    }
    return new Schedule(betas, steps);
  }

  /**
   * 1000 steps whose betas are the squares of evenly spaced numbers, as in latent diffusion
   * (Rombach et al., 2022).
   *
   * @param first beta of the first step
   * @param last beta of the last step
   */
  public static Schedule rootLinear(double first, double last) {
    double[] betas = new double[ORIGINAL_STEPS];
    int[] steps = new int[ORIGINAL_STEPS];
    double from = Math.sqrt(first);
    double stride = (Math.sqrt(last) - from) / (ORIGINAL_STEPS - 1);
    for (int i = 0; i < betas.length; i++) {
      double root = from + (i * stride);
      betas[i] = root * root;
      steps[i] = i;
    }
    return new Schedule(betas, steps);
  }

  /** A shorter process through the given steps of this one: beta = 1 - abar_k / abar_(k-1). */
  public Schedule respaced(String spec) {
    return through(Respacing.steps(betas.length, spec));
  }

  /**
   * A shorter process as latent diffusion has it for DDIM: every {@code steps() / count}-th step,
   * each one later than it would be, and what is before the first of them is not the picture but
   * step 0.
   *
   * @throws IllegalArgumentException where the last of them would be behind the end
   */
  public Schedule respacedFromSecond(int count) {
    int stride = count < 1 || count > steps() ? 1 : steps() / count;
    int[] chosen = new int[(steps() + stride - 1) / stride];
    for (int k = 0; k < chosen.length; k++) {
      chosen[k] = (k * stride) + 1;
    }
    if (count < 1 || chosen[chosen.length - 1] >= steps()) {
      throw new IllegalArgumentException(
          "[schedule] every %d-th of %d steps, from the second on, ends behind the last: wants a"
                  .formatted(stride, steps())
              + " number of steps that divides them, at most half as many, got "
              + count);
    }
    return through(chosen, alphasCumprod[0]);
  }

  private Schedule through(int[] steps) {
    return through(steps, 1);
  }

  private Schedule through(int[] steps, double before) {
    double[] shorter = new double[steps.length];
    double last = 1;
    for (int k = 0; k < steps.length; k++) {
      shorter[k] = 1 - (alphasCumprod[steps[k]] / last);
      last = alphasCumprod[steps[k]];
    }
    return new Schedule(shorter, steps, before);
  }

  /**
   * A shorter process whose steps lie evenly in lambda = log(alpha / sigma), the first and the last
   * included: what multistep solvers are made for, for their error goes by the distance in lambda.
   *
   * @param steps at least 1, at most as many as there are
   */
  public Schedule respacedByLambda(int steps) {
    double[] lambda = new double[steps()];
    for (int i = 0; i < lambda.length; i++) {
      lambda[i] = lambda(i);
    }
    return through(Respacing.evenly(lambda, steps));
  }

  public int steps() {
    return betas.length;
  }

  /** The step on the original scale that the network is told. */
  public int originalStep(int i) {
    return originalSteps[i];
  }

  /** Every step on the original scale, as the network is told them. */
  public float[] toldSteps() {
    float[] told = new float[originalSteps.length];
    for (int i = 0; i < told.length; i++) {
      told[i] = originalSteps[i];
    }
    return told;
  }

  public double beta(int i) {
    return betas[i];
  }

  public double alphaCumprod(int i) {
    return alphasCumprod[i];
  }

  /** abar of the step before; before the first 1, but for {@link #respacedFromSecond}. */
  public double alphaCumprodPrevious(int i) {
    return i == 0 ? origin : alphasCumprod[i - 1];
  }

  /** abar of the step after; 0 after the last. */
  public double alphaCumprodNext(int i) {
    return i == betas.length - 1 ? 0 : alphasCumprod[i + 1];
  }

  public double sqrtAlphaCumprod(int i) {
    return Math.sqrt(alphasCumprod[i]);
  }

  public double sqrtOneMinusAlphaCumprod(int i) {
    return Math.sqrt(1 - alphasCumprod[i]);
  }

  public double logOneMinusAlphaCumprod(int i) {
    return StrictMath.log(1 - alphasCumprod[i]);
  }

  /** sqrt(1 / abar): factor of x_t in the estimate of x_0. */
  public double sqrtRecipAlphaCumprod(int i) {
    return Math.sqrt(1 / alphasCumprod[i]);
  }

  /** sqrt(1 / abar - 1): factor of the noise in the estimate of x_0. */
  public double sqrtRecipMinusOneAlphaCumprod(int i) {
    return Math.sqrt((1 / alphasCumprod[i]) - 1);
  }

  /** lambda = log(alpha / sigma) = log(abar / (1 - abar)) / 2; it falls with i. */
  public double lambda(int i) {
    return 0.5 * StrictMath.log(alphasCumprod[i] / (1 - alphasCumprod[i]));
  }

  public double posteriorVariance(int i) {
    return (betas[i] * (1 - alphaCumprodPrevious(i))) / (1 - alphasCumprod[i]);
  }

  /** log of the posterior variance, whose first value (0) is replaced by the second. */
  public double posteriorLogVarianceClipped(int i) {
    return StrictMath.log(posteriorVariance(i == 0 && steps() > 1 ? 1 : i));
  }

  /** c1, the factor of x_0 in the posterior mean. */
  public double posteriorMeanCoefficient1(int i) {
    return (betas[i] * Math.sqrt(alphaCumprodPrevious(i))) / (1 - alphasCumprod[i]);
  }

  /** c2, the factor of x_t in the posterior mean. */
  public double posteriorMeanCoefficient2(int i) {
    return ((1 - alphaCumprodPrevious(i)) * Math.sqrt(1 - betas[i])) / (1 - alphasCumprod[i]);
  }

  public double logBeta(int i) {
    return StrictMath.log(betas[i]);
  }

  @Override
  public String toString() {
    return "Schedule of " + steps() + " steps " + Arrays.toString(originalSteps);
  }
}
