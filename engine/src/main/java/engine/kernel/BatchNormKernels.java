package engine.kernel;

import engine.tensor.Storage;

/** Batch norm (N5, N6); what belongs to a channel is [channels]. */
public interface BatchNormKernels {
  /** The mean and the biased variance of each channel over batch and size. */
  void statistics(BatchNormArgs args, Storage x, Storage mean, Storage variance);

  /** y = (x - mean) / sqrt(variance + eps) * weight + bias. */
  void forward(BatchNormArgs args, NormInputs in, Storage mean, Storage variance, Storage y);

  /** The gradients of x, unless it is null, weight and bias. */
  void gradient(BatchNormArgs args, NormSaved saved, Storage gradOutput, NormGradients out);
}
