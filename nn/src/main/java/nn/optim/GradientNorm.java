package nn.optim;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.tensor.MemoryScope;
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
    double sum = 0;
    for (float s : squares) {
      sum += s;
    }
    return Math.sqrt(sum);
  }

  /** The factor min(1, maxNorm / (norm + 1e-6)) of PyTorch's clip_grad_norm_. */
  public static double clip(double norm, double maxNorm) {
    return Math.min(1, maxNorm / (norm + 1e-6));
  }
}
