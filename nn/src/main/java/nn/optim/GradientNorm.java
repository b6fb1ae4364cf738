package nn.optim;

import engine.kernel.Backends;
import engine.tensor.Tensor;
import java.util.List;

/** The norm of a whole gradient, and clipping by it. */
public final class GradientNorm {
  private GradientNorm() {}

  /** sqrt(sum of squares): per tensor by N5, joined in double in the given order (N15). */
  public static double of(List<Tensor> gradients) {
    double sum = 0;
    for (Tensor g : gradients) {
      sum += Backends.current().sumSquares(g.storage(), g.size());
    }
    return Math.sqrt(sum);
  }

  /** The factor min(1, maxNorm / (norm + 1e-6)) of PyTorch's clip_grad_norm_. */
  public static double clip(double norm, double maxNorm) {
    return Math.min(1, maxNorm / (norm + 1e-6));
  }
}
