package medsora.denoiser;

import static engine.op.elementwise.Elementwise.silu;

import engine.tensor.Tensor;
import medsora.diffusion.StepFrequencies;
import nn.Module;
import nn.init.Init;
import nn.layer.Linear;

/**
 * Embeds diffusion steps: [cos(t f_k), sin(t f_k)] with 128 frequencies f_k = exp(-ln(10000) k /
 * 128), then Linear, SiLU, Linear. [b] steps -> [b, D].
 */
public final class TimestepEmbedding extends Module {
  private static final int HALF = 128;

  private final Linear first;
  private final Linear second;

  /**
   * @param hidden D
   */
  public TimestepEmbedding(int hidden) {
    this.first = child("mlp.0", new Linear(2 * HALF, hidden, true, Init.normal(0.02)));
    this.second = child("mlp.2", new Linear(hidden, hidden, true, Init.normal(0.02)));
  }

  /** Steps [b] -> [b, D]. */
  public Tensor forward(float... t) {
    return second.forward(silu(first.forward(frequencies(t))));
  }

  /** The table [b, 256]. */
  static Tensor frequencies(float... t) {
    return StepFrequencies.of(2 * HALF, t);
  }
}
