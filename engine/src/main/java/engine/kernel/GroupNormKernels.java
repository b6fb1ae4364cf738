package engine.kernel;

import engine.tensor.Storage;

/** Group norm (N5, N6). */
public interface GroupNormKernels {
  /**
   * y = (x - mean) * rstd * weight + bias; weight and bias [channels]. Writes mean and rstd [batch,
   * groups] too.
   */
  void forward(GroupNormArgs args, NormInputs in, Storage y, Storage mean, Storage rstd);

  /** The gradients of x, unless it is null, weight and bias. */
  void gradient(GroupNormArgs args, NormSaved saved, Storage gradOutput, NormGradients out);
}
