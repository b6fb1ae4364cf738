package nn.layer;

import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;

/**
 * Instance norm without parameters (PyTorch: nn.InstanceNorm2d, nn.InstanceNorm3d): every plane of
 * a sample by its own mean and variance, in training as in evaluation.
 */
public final class InstanceNorm extends Module {
  private final int channels;
  private final float eps;

  public InstanceNorm(int channels, double eps) {
    this.channels = channels;
    this.eps = (float) eps;
  }

  /** [N, C, ...] -> the same shape. */
  public Tensor forward(Tensor x) {
    Shape c = Shape.of(channels);
    return Norm.groupNorm(x, channels, Tensor.full(c, 1f), Tensor.zeros(c), eps);
  }
}
