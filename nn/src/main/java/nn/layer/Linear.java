package nn.layer;

import engine.op.linalg.Linalg;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/** y = x W^T + b over the last axis; weight [out, in] (PyTorch: nn.Linear). */
public final class Linear extends Module {
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /**
   * @param bias whether there is one, [out]; it begins at 0
   */
  public Linear(int in, int out, boolean bias, Initializer weightInit) {
    this.weight = parameter("weight", Shape.of(out, in), weightInit);
    this.bias = bias ? parameter("bias", Shape.of(out), Init.zeros()) : null;
  }

  private Linear(int in, int out, Initializer both) {
    this.weight = parameter("weight", Shape.of(out, in), both);
    this.bias = parameter("bias", Shape.of(out), both);
  }

  /** PyTorch's default initialisation: weight and bias uniform within 1 / sqrt(in). */
  public static Linear standard(int in, int out) {
    return new Linear(in, out, Init.uniform(1 / Math.sqrt(in)));
  }

  /**
   * [..., in] -> [..., out].
   *
   * @throws engine.tensor.ShapeException if x has another width
   */
  public Tensor forward(Tensor x) {
    return Linalg.linear(x, weight.value(), bias == null ? null : bias.value());
  }
}
