package tools.systems;

import java.util.Locale;
import medsora.config.TrainConfig;
import medsora.train.Clips;

/**
 * The multiply-adds that each system may spend on training.
 *
 * @param vae of them on its autoencoder
 * @param denoiser on its denoiser, the latents that it learns from among them
 */
public record Budget(double vae, double denoiser) {
  private static final double GIGA = 1e9;

  /** What a configuration spends on all of its steps. */
  static Budget of(TrainConfig config, StepCosts costs, Clips clips) {
    long steps = config.denoiserTraining().steps();
    return new Budget(
        (double) costs.vae() * config.vaeTraining().steps(),
        DenoiserWork.within(Double.POSITIVE_INFINITY, steps, config, costs, clips).total());
  }

  /** Both stages. */
  public double total() {
    return vae + denoiser;
  }

  /** Another sum, divided alike. */
  Budget of(double total) {
    return new Budget(total * vae / total(), total * denoiser / total());
  }

  /** As many steps of a system's autoencoder as there is room for. */
  long vaeSteps(String name, StepCosts costs) {
    long steps = (long) (vae / costs.vae());
    require(steps, name + "'s autoencoder", vae, (double) costs.vae());
    return steps;
  }

  /** As many steps of its denoiser. */
  DenoiserWork denoiserWork(String name, TrainConfig config, StepCosts costs, Clips clips) {
    DenoiserWork work = DenoiserWork.within(denoiser, Long.MAX_VALUE, config, costs, clips);
    double first = DenoiserWork.within(Double.POSITIVE_INFINITY, 1, config, costs, clips).total();
    require(work.steps(), name + "'s denoiser", denoiser, first);
    return work;
  }

  private void require(long steps, String what, double room, double first) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "--budget %.4g G is too small: of it %.4g G are for %s, the first step of which takes"
                  + " %.4g G",
              total() / GIGA,
              room / GIGA,
              what,
              first / GIGA));
    }
  }
}
