package engine.kernel;

import engine.tensor.Storage;

/** Reading between pixels; see {@link BilinearSampleArgs}. */
public interface BilinearSampleKernels {
  /** y = x read at places between its pixels. */
  void forward(BilinearSampleArgs args, Storage x, Storage places, Storage y);

  /** The gradient for x. */
  void gradInput(BilinearSampleArgs args, Storage places, Storage gradOutput, Storage gradInput);

  /** The gradient for the places. */
  void gradPlaces(
      BilinearSampleArgs args, Storage x, Storage places, Storage gradOutput, Storage gradPlaces);
}
