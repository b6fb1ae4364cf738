package engine.kernel;

import engine.tensor.Storage;

/** The largest of each window; see {@link MaxPoolArgs}. */
public interface MaxPool3dKernels {
  /** y = the largest of each window of x. */
  void forward(MaxPoolArgs args, Storage x, Storage y);

  /** The gradient for x. */
  void gradInput(MaxPoolArgs args, Storage x, Storage gradOutput, Storage gradInput);
}
