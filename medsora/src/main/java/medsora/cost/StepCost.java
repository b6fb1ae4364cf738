package medsora.cost;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.function.Supplier;
import medsora.config.TrainConfig;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import medsora.vae.ClipAutoencoder;
import nn.Module;
import nn.Outline;

/**
 * The direct multiply-adds of predictions and of training steps, forward and backward, without
 * recomputation: the model's own code runs on shapes alone ({@link Counted}).
 */
public final class StepCost {
  private StepCost() {}

  /** One prediction for one clip. */
  public static long prediction(NetworkConfig config) {
    NoisePredictor outline = Outline.of(config::network);
    return ModelRuns.predict(outline).total().total();
  }

  /** A training step of a denoiser on one clip. */
  public static long denoiser(NetworkConfig config) {
    NoisePredictor outline = Outline.of(config::network);
    return training(outline.module(), () -> ModelRuns.loss(outline));
  }

  /** A training step of the autoencoder on one clip of as many frames as are configured. */
  public static long vae(TrainConfig config) {
    ClipAutoencoder outline = Outline.of(config.vae()::network);
    ModelRuns.setTrainable(outline, config);
    return training(outline.module(), () -> ModelRuns.loss(outline, config));
  }

  /** Encoding some frames, such as those of a clip; 0 for none. */
  public static long encoding(TrainConfig config, int frames) {
    if (frames == 0) {
      return 0;
    }
    ClipAutoencoder outline = Outline.of(config.vae()::network);
    return ModelRuns.encode(outline, frames, config.data().size()).total().total();
  }

  private static long training(Module module, Supplier<Tensor> loss) {
    return Counted.multiplyAdds(
        module,
        () -> {
          try (Tape tape = Tape.open()) {
            tape.backward(loss.get());
          }
        });
  }
}
