package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/** Causal depthwise convolution, alone or along walks (N3, N11). */
public interface CausalConv1dKernels {
  /** y = causal depthwise convolution of x; bias may be null. */
  void forward(CausalConv1dArgs args, Storage x, Storage weight, @Nullable Storage bias, Storage y);

  /**
   * gradSums = gradOutput * silu'(sums): from the gradient of y to that of the sums before SiLU.
   */
  void gradSums(
      CausalConv1dArgs args,
      Storage x,
      Storage weight,
      @Nullable Storage bias,
      Storage gradOutput,
      Storage gradSums);

  /** The gradient of the input's own channels; what lies beside them in wider rows stays. */
  void gradInput(CausalConv1dArgs args, Storage weight, Storage gradSums, Storage gradInput);

  /** The gradient of the weight. */
  void gradWeight(CausalConv1dArgs args, Storage x, Storage gradSums, Storage gradWeight);
}
