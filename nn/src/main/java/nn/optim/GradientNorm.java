package nn.optim;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.Unary;
import engine.numeric.NumericContract;
import engine.tensor.MemoryScope;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.List;

/** The norm of a whole gradient, and clipping by it. */
public final class GradientNorm {
  private GradientNorm() {}

  /**
   * sqrt(sum of squares) of gradients of any shapes: per tensor by N5, joined in double in the
   * given order (N15).
   */
  public static double of(List<Tensor> gradients) {
    float[] squares = new float[gradients.size()];
    Kernels kernels = Backends.current();
    try (MemoryScope scope = MemoryScope.open()) {
      // One storage for all, so that a device is waited for once.
      Storage sums = kernels.allocate(squares.length);
      for (int i = 0; i < squares.length; i++) {
        Tensor g = gradients.get(i);
        kernels.reduce().sumSquares(g.storage(), g.size(), sums, i);
      }
      sums.read(squares);
    }
    return joined(squares);
  }

  private static double joined(float[] squares) {
    double sum = 0;
    for (float s : squares) {
      sum += s;
    }
    return Math.sqrt(sum);
  }

  /**
   * The sums of squares of whole blocks of N5, from which {@link #ofBlocks} goes on.
   *
   * @param blocks [n], n a multiple of the block
   */
  public static float[] blockSquares(Tensor blocks) {
    int count = blocks.size() / NumericContract.SUM_BLOCK;
    float[] sums = new float[count];
    if (count == 0) {
      return sums;
    }
    Kernels k = Backends.current();
    try (MemoryScope scope = MemoryScope.open()) {
      Storage squares = k.allocate(blocks.size());
      k.elementwise().unary(Unary.SQUARE, blocks.storage(), squares, blocks.size());
      Storage of = k.allocate(count);
      k.reduce().sum(new ReduceArgs(count, NumericContract.SUM_BLOCK, 1), squares, of);
      of.read(sums);
    }
    return sums;
  }

  /**
   * The same as {@link #of}, from the sums of squares of all blocks.
   *
   * @param squares of each gradient, its blocks in their order, the last filled up with zeros
   */
  public static double ofBlocks(List<float[]> squares) {
    float[] sums = new float[squares.size()];
    Kernels k = Backends.current();
    try (MemoryScope scope = MemoryScope.open()) {
      for (int i = 0; i < sums.length; i++) {
        float[] blocks = squares.get(i);
        float[] sum = new float[1];
        Storage of = k.allocate(1);
        Tensor all = Tensor.of(Shape.of(blocks.length), blocks);
        k.reduce().sum(new ReduceArgs(1, blocks.length, 1), all.storage(), of);
        of.read(sum);
        sums[i] = sum[0];
      }
    }
    return joined(sums);
  }

  /** The factor min(1, maxNorm / (norm + 1e-6)) of PyTorch's clip_grad_norm_. */
  public static double clip(double norm, double maxNorm) {
    return Math.min(1, maxNorm / (norm + 1e-6));
  }
}
