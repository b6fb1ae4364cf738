package nn.layer;

import engine.op.conv.Conv;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;

/** 2-D convolution with bias; weight [out, in, kH, kW] (PyTorch: nn.Conv2d). */
public final class Conv2d extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final Stride2 stride;
  private final Padding2 padding;

  public Conv2d(
      int in,
      int out,
      int kernel,
      Stride2 stride,
      Padding2 padding,
      Initializer weightInit,
      Initializer biasInit) {
    this(Shape.of(out, in, kernel, kernel), stride, padding, weightInit, biasInit);
  }

  private Conv2d(
      Shape shape, Stride2 stride, Padding2 padding, Initializer weightInit, Initializer biasInit) {
    this.weight = parameter("weight", shape, weightInit);
    this.bias = parameter("bias", Shape.of(shape.dim(0)), biasInit);
    this.stride = stride;
    this.padding = padding;
  }

  /** PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(in kH kW). */
  public static Conv2d standard(int in, int out, int kernel, Stride2 stride, Padding2 padding) {
    return standard(in, out, kernel, kernel, stride, padding);
  }

  /** The same with a kernel of {@code high} rows and {@code wide} columns. */
  public static Conv2d standard(
      int in, int out, int high, int wide, Stride2 stride, Padding2 padding) {
    Initializer bound = Init.uniform(1 / Math.sqrt((double) in * high * wide));
    return new Conv2d(Shape.of(out, in, high, wide), stride, padding, bound, bound);
  }

  /** Kernel and stride equal: each patch on its own. */
  public static Conv2d patches(
      int in, int out, int patch, Initializer weightInit, Initializer biasInit) {
    return new Conv2d(in, out, patch, Stride2.of(patch), Padding2.NONE, weightInit, biasInit);
  }

  public Tensor weight() {
    return weight.value();
  }

  public Tensor bias() {
    return bias.value();
  }

  /** [N, in, H, W] -> [N, out, H', W']. */
  public Tensor forward(Tensor x) {
    return Conv.conv2d(x, weight.value(), bias.value(), stride, padding, 1);
  }
}
