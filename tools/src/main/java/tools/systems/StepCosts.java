package tools.systems;

import medsora.config.TrainConfig;
import medsora.cost.StepCost;

/**
 * What a training is made of, in multiply-adds by counting.
 *
 * @param vae a step of the autoencoder, forward and backward, on all of its clips
 * @param denoiser a step of the denoiser, likewise, on latents that are there
 * @param clip the latents of a clip
 * @param window the latents of a window of images, 0 where none join the clips
 */
public record StepCosts(long vae, long denoiser, long clip, long window) {
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
        training.batch() * StepCost.denoiser(config.denoiser()),
        StepCost.encoding(config, config.clipFrames()),
        StepCost.encoding(config, config.clipImages()));
  }
}
