package tools.inspect;

import medsora.cost.ModelRuns;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;
import nn.Outline;

/** What a training step holds at once, for those who plan one. */
public final class StepMemory {
  private StepMemory() {}

  /** Bytes of weights, optimiser and one clip's step, counted on shapes. */
  public static long denoiser(DenoiserConfig config, boolean recompute) {
    Denoiser d = Outline.of(() -> new Denoiser(config));
    d.setRecompute(recompute);
    return MemoryTable.training(d, () -> ModelRuns.loss(d)).bytes();
  }
}
