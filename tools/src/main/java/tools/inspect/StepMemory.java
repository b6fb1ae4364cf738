package tools.inspect;

import medsora.cost.ModelRuns;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import nn.Outline;

/** What a training step holds at once, for those who plan one. */
public final class StepMemory {
  private StepMemory() {}

  /** Bytes of weights, optimiser and one clip's step, counted on shapes. */
  public static long denoiser(NetworkConfig config, boolean recompute) {
    NoisePredictor d = Outline.of(config::network);
    d.setRecompute(recompute);
    return MemoryTable.training(d.module(), () -> ModelRuns.loss(d)).bytes();
  }
}
