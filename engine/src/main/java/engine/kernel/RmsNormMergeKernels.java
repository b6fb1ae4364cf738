package engine.kernel;

import engine.tensor.Storage;

/** Gated RMS norms of several walks, added (N6, N11). */
public interface RmsNormMergeKernels {
  /**
   * y [sums, tokens, width]: for each sum its walks' gated RMS norms of x, added; rstd [rows of x]
   * is kept for the gradient.
   */
  void forward(RmsNormMergeArgs args, RmsNormInputs in, Storage y, Storage rstd);

  /** Gradients of x and of the gate's own columns of z, and the terms of the weight's. */
  void gradient(
      RmsNormMergeArgs args,
      RmsNormInputs in,
      Storage rstd,
      Storage gradOutput,
      RmsNormGradients out);
}
