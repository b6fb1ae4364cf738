package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/** 3-D convolution and its gradients. That of the bias is a plain sum. */
public interface Conv3dKernels {
  /**
   * y = 3-D convolution of x with weight, plus bias unless it is null (N1 to N3).
   *
   * @param relu whether ReLU comes last: each value v becomes 0 where v &lt;= 0
   */
  void forward(
      Conv3dArgs args, Storage x, Storage weight, @Nullable Storage bias, boolean relu, Storage y);

  /** The same without ReLU. */
  default void forward(
      Conv3dArgs args, Storage x, Storage weight, @Nullable Storage bias, Storage y) {
    forward(args, x, weight, bias, false, y);
  }

  /** gradInput from gradOutput and weight; taps off the stride grid do not exist (N3). */
  void gradInput(Conv3dArgs args, Storage gradOutput, Storage weight, Storage gradInput);

  /** gradWeight from x and gradOutput: sums over (n,t',h',w') (N3). */
  void gradWeight(Conv3dArgs args, Storage x, Storage gradOutput, Storage gradWeight);
}
