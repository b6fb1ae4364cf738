package nn.layer;

import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/** Layer norm over the last axis with affine parameters (PyTorch: nn.LayerNorm). */
public final class LayerNorm extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final float eps;

  /**
   * @param eps added to the variance
   */
  public LayerNorm(int width, double eps) {
    this.weight = parameter("weight", Shape.of(width), Init.ones());
    this.bias = parameter("bias", Shape.of(width), Init.zeros());
    this.eps = (float) eps;
  }

  /**
   * [..., width] -> the same shape.
   *
   * @throws engine.tensor.ShapeException if x has another width
   */
  public Tensor forward(Tensor x) {
    return Norm.layerNorm(x, weight.value(), bias.value(), eps);
  }
}
