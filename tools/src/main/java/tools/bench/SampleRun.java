package tools.bench;

import medsora.Autoencoder;
import medsora.Generator;
import medsora.config.TrainConfig;
import medsora.diffusion.NoisePredictor;
import medsora.vae.LatentStatistics;

/**
 * A clip of 16 frames of 128x128 drawn by DDIM and decoded.
 *
 * @param depth blocks of the denoiser
 * @param steps of the 1000
 */
public record SampleRun(int depth, int steps) implements Operation {
  private static final int WARM_STEPS = 3;

  @Override
  public Work work() {
    Work prediction = new DenoiserRun(depth, false).work();
    Work decoding = new VaeRun(true, Models.config().clipFrames()).work();
    return new Work(
        (steps * prediction.multiplyAdds()) + decoding.multiplyAdds(),
        (steps * prediction.bytes()) + decoding.bytes(),
        Unit.MULTIPLY_ADDS);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    TrainConfig config = Models.config();
    NoisePredictor denoiser = Models.denoiser(Models.denoiserConfig(depth));
    Autoencoder autoencoder =
        new Autoencoder(
            Models.vae(), LatentStatistics.RELEASED, config.data().size(), config.vaeTraining());
    return new Task() {
      @Override
      public double seconds() {
        return Task.time(() -> draw(steps));
      }

      @Override
      public void warmUp() {
        draw(WARM_STEPS);
      }

      private void draw(int n) {
        new Generator(denoiser, autoencoder, Generator.Settings.ddim(n)).sample(1, 0, done -> {});
      }
    };
  }
}
