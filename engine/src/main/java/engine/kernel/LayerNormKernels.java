package engine.kernel;

import engine.tensor.Storage;

/** Layer norm of rows (N5, N6). The gradient of the bias is a plain sum. */
public interface LayerNormKernels {
  /**
   * y = (x - mean) * rstd * weight + bias for each row; weight and bias have one element per column
   * or are null. Writes the rows' mean and rstd too.
   */
  void forward(LayerNormArgs args, NormInputs in, Storage y, Storage mean, Storage rstd);

  /** The gradient for x; the weight may be null. */
  void gradInput(LayerNormArgs args, NormSaved saved, Storage gradOutput, Storage gradInput);

  /** The gradient for the weight. */
  void gradWeight(LayerNormArgs args, NormSaved saved, Storage gradOutput, Storage gradWeight);
}
