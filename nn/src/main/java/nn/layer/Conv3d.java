package nn.layer;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;

/** 3-D convolution of stride 1 with bias; weight [out, in, k, k, k] (PyTorch: nn.Conv3d). */
public final class Conv3d extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final Padding3 padding;

  /** PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(in k^3). */
  public Conv3d(int in, int out, int kernel, Padding3 padding) {
    this(
        in,
        out,
        kernel,
        padding,
        Init.uniform(1 / Math.sqrt((double) in * kernel * kernel * kernel)));
  }

  /** Weight and bias by the same rule. */
  public Conv3d(int in, int out, int kernel, Padding3 padding, Initializer initializer) {
    this.weight = parameter("weight", Shape.of(out, in, kernel, kernel, kernel), initializer);
    this.bias = parameter("bias", Shape.of(out), initializer);
    this.padding = padding;
  }

  /** [N, in, T, H, W] -> [N, out, T', H', W']. */
  public Tensor forward(Tensor x) {
    return Conv.conv3d(x, weight.value(), bias.value(), Stride3.ONE, padding, 1);
  }
}
