package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/** Doubling by nearest neighbours, then a 3x3 convolution, in one (N11). */
public interface UpsampleConvKernels {
  /** y = 3x3 convolution of x enlarged twice by nearest neighbours; bias may be null. */
  void forward(UpsampleConvArgs args, Storage x, Storage weight, @Nullable Storage bias, Storage y);

  /** The gradient of {@link #forward} for x. */
  void gradInput(UpsampleConvArgs args, Storage gradOutput, Storage weight, Storage gradInput);

  /** The gradient of {@link #forward} for its weight. */
  void gradWeight(UpsampleConvArgs args, Storage x, Storage gradOutput, Storage gradWeight);
}
