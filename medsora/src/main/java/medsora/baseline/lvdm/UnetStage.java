package medsora.baseline.lvdm;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import nn.Module;
import nn.layer.Conv3d;

/** Layers one behind the other, numbered; those that want it are told the step. */
final class UnetStage extends Module {
  private final List<BinaryOperator<Tensor>> layers = new ArrayList<>();

  UnetStage add(ResidualBlock block) {
    return with(block, block::forward);
  }

  UnetStage add(SpaceTimeAttention attention) {
    return with(attention, (x, embedding) -> attention.forward(x));
  }

  UnetStage add(Upsampling up) {
    return with(up, (x, embedding) -> up.forward(x));
  }

  /** A convolution, as layer or, where it has one, under the name that it has in its layer. */
  UnetStage add(Conv3d conv, String inside) {
    child(inside.isEmpty() ? number() : number() + "." + inside, conv);
    layers.add((x, embedding) -> conv.forward(x));
    return this;
  }

  private UnetStage with(Module layer, BinaryOperator<Tensor> forward) {
    child(number(), layer);
    layers.add(forward);
    return this;
  }

  private String number() {
    return Integer.toString(layers.size());
  }

  /**
   * @param x [b, C, T, H, W]
   * @param embedding silu of the embedding of each sample's step [b, E]
   */
  Tensor forward(Tensor x, Tensor embedding) {
    Tensor h = x;
    for (BinaryOperator<Tensor> layer : layers) {
      h = layer.apply(h, embedding);
    }
    return h;
  }
}
