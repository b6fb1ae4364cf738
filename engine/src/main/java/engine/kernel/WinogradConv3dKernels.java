package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Convolution by Winograd's F(4x4,3x3) (N11). Its gradient for x is the mirrored one, that for the
 * weight is {@link Conv3dKernels#gradWeight}.
 */
public interface WinogradConv3dKernels {
  /**
   * y = correlation of stride 1 with [kT,3,3].
   *
   * @param bias null for none
   * @param relu whether ReLU comes last: each value v becomes 0 where v &lt;= 0
   */
  void forward(
      WinogradArgs args,
      Storage x,
      Storage weight,
      @Nullable Storage bias,
      boolean relu,
      Storage y);
}
