package medsora.diffusion;

import nn.optim.Ema;

/**
 * How the authors of a family of networks train it, beside what every configuration says.
 *
 * @param schedule of the noise
 * @param error how far the predicted noise is from the true one
 * @param weightDecay of AdamW
 * @param warmUp how the moving average begins
 * @param walk which steps DDIM takes
 */
public record Practice(
    Schedule schedule, Error error, double weightDecay, Ema.WarmUp warmUp, Walk walk) {
  /** The practice of the paper: linear betas, squared errors, no weight decay. */
  public static final Practice PAPER =
      new Practice(Schedule.full(), Error.SQUARED, 0, Ema.WarmUp.FROM_ZERO, Walk.TO_THE_SAMPLE);

  /** How DDIM walks in this practice, with its amount of noise. */
  public Sampler.Method ddim(double eta) {
    return switch (walk) {
      case TO_THE_SAMPLE -> new Sampler.Method.Ddim(eta);
      case TO_THE_FIRST_STEP -> new Sampler.Method.LatentDdim(eta);
    };
  }

  /** Where DDIM ends. */
  public enum Walk {
    /** At the sample: {@link Sampler.Method.Ddim}. */
    TO_THE_SAMPLE,
    /** One step of noise before it: {@link Sampler.Method.LatentDdim}. */
    TO_THE_FIRST_STEP
  }

  /** The measure of an error. */
  public enum Error {
    /** The mean of the squares, {@code mse} in reports. */
    SQUARED("mse"),
    /** The mean of the magnitudes, {@code l1} in reports. */
    ABSOLUTE("l1");

    private final String report;

    Error(String report) {
      this.report = report;
    }

    /** Under which it stands in reports. */
    public String report() {
      return report;
    }
  }
}
