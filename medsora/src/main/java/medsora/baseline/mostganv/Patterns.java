package medsora.baseline.mostganv;

import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.op.linalg.Linalg;
import engine.tensor.Tensor;
import medsora.baseline.styleganv.Activation;

/**
 * Words -> patterns over the weights of a layer. A small layer gives for each word one number for
 * every input channel, row and column of the kernel; the pattern is their outer product.
 */
public final class Patterns {
  private static final int KERNEL = 3;

  private Patterns() {}

  /**
   * leaky(words W^T / sqrt(width)) * sqrt 2.
   *
   * @param words [N, words, width]
   * @param weight [Ci + 6, width, 1, 1]
   * @return [N, words, Ci + 6]: channels, then 3 rows, then 3 columns
   */
  public static Tensor factors(Tensor words, Tensor weight) {
    int width = weight.dim(1);
    Tensor w = reshape(weight, weight.dim(0), width);
    return Activation.gained(Linalg.linear(words, scale(w, (float) (1 / Math.sqrt(width))), null));
  }

  /** The outer products, [N, words, Ci + 6] -> [N, words, Ci, 3, 3]. */
  public static Tensor of(Tensor factors) {
    int n = factors.dim(0);
    int words = factors.dim(1);
    int in = factors.dim(2) - 2 * KERNEL;
    Tensor channels = reshape(slice(factors, 2, 0, in), n, words, in, 1, 1);
    Tensor rows = reshape(slice(factors, 2, in, in + KERNEL), n, words, 1, KERNEL, 1);
    Tensor columns = slice(factors, 2, in + KERNEL, in + 2 * KERNEL);
    return mul(channels, mul(rows, reshape(columns, n, words, 1, 1, KERNEL)));
  }
}
