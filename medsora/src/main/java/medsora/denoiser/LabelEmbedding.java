package medsora.denoiser;

import static engine.op.layout.Layout.gather;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.diffusion.NoisePredictor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/**
 * Embeds labels: one learned row for each, and one more for samples without a label, which
 * classifier-free guidance asks for (Ho and Salimans, 2022). The row is added to the embedded step,
 * as in DiT (Peebles and Xie, 2023), whose names and first values it has.
 */
final class LabelEmbedding extends Module {
  private final int count;
  private final Parameter table;

  /**
   * An embedding.
   *
   * @param count labels, without the one that stands for none
   */
  LabelEmbedding(int count, int hidden) {
    this.count = count;
    this.table =
        parameter("embedding_table.weight", Shape.of(count + 1, hidden), Init.normal(0.02));
  }

  int count() {
    return count;
  }

  /** The row of a label or of {@link NoisePredictor#NO_LABEL}: [1, D]. */
  Tensor of(int label) {
    return gather(table.value(), 0, new int[] {label == NoisePredictor.NO_LABEL ? count : label});
  }
}
