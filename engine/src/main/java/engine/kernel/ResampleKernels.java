package engine.kernel;

import engine.tensor.Storage;

/** Resampling by tables; the gradient is the transposed table. */
public interface ResampleKernels {
  /** y = the weighted taps of x along one axis, in the order that {@link ResampleArgs} states. */
  void apply(ResampleArgs args, Storage x, Storage y);
}
