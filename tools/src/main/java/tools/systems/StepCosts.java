package tools.systems;

import medsora.config.TrainConfig;
import medsora.cost.StepCost;

/**
 * The multiply-adds of a training step, forward and backward, by counting.
 *
 * @param vae of the autoencoder, all clips of a step
 * @param denoiser of the denoiser, likewise, on latents that are there
 */
public record StepCosts(long vae, long denoiser) {
  /**
   * Counts.
   *
   * @throws IllegalArgumentException where steps of a stage are not all alike
   */
  public static StepCosts of(TrainConfig config) {
    TrainConfig.DenoiserTraining training = config.denoiserTraining();
    if (training.opening().epochs() > 0) {
      throw new IllegalArgumentException(
          "[systems] %s begins with larger batches, so that its steps do not cost the same:"
                  .formatted(config.name())
              + " denoiserTraining.opening.epochs has to be 0");
    }
    return new StepCosts(
        config.vaeTraining().batch() * StepCost.vae(config),
        training.batch() * StepCost.denoiser(config.denoiser()));
  }
}
