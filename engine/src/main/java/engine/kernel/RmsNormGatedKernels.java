package engine.kernel;

import engine.tensor.Storage;

/** The gated RMS norm (N6). */
public interface RmsNormGatedKernels {
  /** y = gated RMS norm of x; z may be null; rstd [rows, groups] is kept for the gradient. */
  void forward(RmsNormGatedArgs args, RmsNormInputs in, Storage y, Storage rstd);

  /** Gradients of x and z, and the terms of the weight's. */
  void gradient(
      RmsNormGatedArgs args,
      RmsNormInputs in,
      Storage rstd,
      Storage gradOutput,
      RmsNormGradients out);
}
