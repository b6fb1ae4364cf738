package nn.layer;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/** Weight and bias of a convolution under PyTorch's names: {@code weight}, {@code bias}. */
abstract sealed class Convolution extends Module
    permits Conv1d, Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d {
  private final Parameter weight;

  /** Null where there is none. */
  private final @Nullable Parameter bias;

  final int groups;

  /**
   * @param biasInit null for no bias
   */
  Convolution(
      Shape shape, int out, int groups, Initializer weightInit, @Nullable Initializer biasInit) {
    this.weight = parameter("weight", shape, weightInit);
    this.bias = biasInit == null ? null : parameter("bias", Shape.of(out), biasInit);
    this.groups = groups;
  }

  /** Channels of one group; {@code groups} must divide them. */
  static int perGroup(int channels, int groups) {
    if (groups < 1 || channels < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "[convolution] groups=" + groups + " must divide " + channels + " channels");
    }
    return channels / groups;
  }

  /** PyTorch's default for weight and bias: uniform within 1 / sqrt(what one output sums over). */
  static Initializer standard(Shape weight) {
    return Init.uniform(1 / Math.sqrt(Init.fanIn(weight)));
  }

  /** The weight in PyTorch's layout. */
  public final Tensor weight() {
    return weight.value();
  }

  /** The bias [out]; null where there is none. */
  public final @Nullable Tensor bias() {
    return bias == null ? null : bias.value();
  }
}
