package tools.bench;

import engine.autodiff.Tape;
import engine.kernel.Pieces;
import engine.tensor.Tensor;
import medsora.diffusion.NoisePredictor;
import nn.Mode;

/**
 * Predictions for several clips side by side, as {@code sample --count} asks for them.
 *
 * @param depth blocks: S 6, B 12, L 24
 * @param clips how many
 */
public record DenoiserPieces(int depth, int clips) implements Operation {
  private static final float TIMESTEP = 500;

  @Override
  public Work work() {
    Work one = new DenoiserRun(depth, false).work();
    return new Work(clips * one.multiplyAdds(), one.bytes(), Unit.MULTIPLY_ADDS);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    NoisePredictor denoiser = Models.denoiser(Models.denoiserConfig(depth));
    Tensor clip = tensors.of(denoiser.latents().of(1).dims());
    return () -> Task.time(() -> Pieces.run(clips, i -> predict(denoiser, clip)));
  }

  private static void predict(NoisePredictor denoiser, Tensor clip) {
    try (Tape scope = Tape.noGrad()) {
      denoiser.forward(clip, new float[] {TIMESTEP}, Mode.EVAL);
    }
  }
}
