package tools.bench;

import static engine.op.elementwise.Elementwise.abs;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.reduce.Reduce.mean;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Tensor;
import medsora.config.TrainConfig;
import medsora.cost.Counted;
import medsora.train.Stage;
import medsora.train.VaeObjective;
import medsora.vae.Vae;
import nn.Mode;

/**
 * A training step of the autoencoder's compensation modules, the rest frozen: encode, draw, decode,
 * losses, gradients, optimiser and moving average, as {@link Stage} does it with {@link
 * VaeObjective}.
 *
 * @param frames of 128x128: 24 for a video and its images
 */
public record VaeTuning(int frames) implements Operation {
  private static final int WARM_FRAMES = 8;

  @Override
  public Work work() {
    Vae outline = Models.vaeOutline();
    freeze(outline);
    Tensor x = Counted.tensor(1, 3, frames, Models.SIZE, Models.SIZE);
    long products = Counted.multiplyAdds(outline, () -> gradients(outline, x));
    return Work.products(products, outline.parameterCount());
  }

  private static void freeze(Vae vae) {
    vae.setTrainable(false);
    vae.setCompensationTrainable(true);
  }

  /** The products of a step; the losses that it leaves out have none. */
  private static Gradients gradients(Vae vae, Tensor x) {
    try (Tape tape = Tape.open()) {
      Mode mode = Mode.training(1, 0);
      Tensor z = vae.encode(x, mode).sample(new RandomKey(1, 0, 0));
      return tape.backward(mean(abs(sub(vae.decode(z, mode), x))));
    }
  }

  @Override
  public Task open(Task.Tensors tensors) {
    TrainConfig config = Models.config();
    if (config.vaeTraining().frames() != frames) {
      throw new IllegalStateException("[bench] the configuration has other frames than " + frames);
    }
    Vae vae = Models.vae();
    Stage stage = new Stage(new VaeObjective(config, new SeededClips(tensors, config), vae));
    Tensor few = tensors.of(1, 3, WARM_FRAMES, Models.SIZE, Models.SIZE);
    return new Task() {
      @Override
      public double seconds() {
        return Task.time(stage::step);
      }

      @Override
      public void warmUp() {
        Task.release(gradients(vae, few));
      }
    };
  }
}
