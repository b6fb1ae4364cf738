package tools.systems;

import java.util.Locale;
import medsora.config.TrainConfig;

/**
 * The multiply-adds that each system may spend on training.
 *
 * @param vae of them on its autoencoder
 * @param denoiser on its denoiser
 */
public record Budget(double vae, double denoiser) {
  /** What a configuration spends on all of its steps. */
  public static Budget of(TrainConfig config, StepCosts costs) {
    return new Budget(
        (double) costs.vae() * config.vaeTraining().steps(),
        (double) costs.denoiser() * config.denoiserTraining().steps());
  }

  /** Both stages. */
  public double total() {
    return vae + denoiser;
  }

  /** Another sum, divided alike. */
  public Budget of(double total) {
    return new Budget(total * vae / total(), total * denoiser / total());
  }

  /** As many steps of the autoencoder as there is room for. */
  long vaeSteps(String name, StepCosts costs) {
    return steps(name + "'s autoencoder", vae, costs.vae());
  }

  /** As many steps of the denoiser as there is room for. */
  long denoiserSteps(String name, StepCosts costs) {
    return steps(name + "'s denoiser", denoiser, costs.denoiser());
  }

  private long steps(String what, double room, long cost) {
    long steps = (long) (room / cost);
    if (steps < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "--budget %.4g G is too small: of it %.4g G are for %s, a step of which takes %.4g G",
              total() / 1e9,
              room / 1e9,
              what,
              cost / 1e9));
    }
    return steps;
  }
}
