package nn.layer;

import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/** Group norm with affine parameters (PyTorch: nn.GroupNorm). */
public final class GroupNorm extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final int groups;
  private final float eps;

  /**
   * @param groups a divisor of the channels
   * @param eps added to the variance
   */
  public GroupNorm(int groups, int channels, double eps) {
    this.weight = parameter("weight", Shape.of(channels), Init.ones());
    this.bias = parameter("bias", Shape.of(channels), Init.zeros());
    this.groups = groups;
    this.eps = (float) eps;
  }

  /**
   * [N, C, ...] -> the same shape.
   *
   * @throws engine.tensor.ShapeException if x has other channels
   */
  public Tensor forward(Tensor x) {
    return Norm.groupNorm(x, groups, weight.value(), bias.value(), eps);
  }
}
