package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.reshape;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/** A modulated 1x1 convolution to colours, which is not scaled back. */
final class ToRgb extends Module {
  private static final int COLOURS = 3;

  private final float clamp;
  private final float gain;
  private final Parameter weight;
  private final Parameter bias;
  private final EqualLinear affine;

  ToRgb(GeneratorConfig config, int in) {
    this.clamp = config.clamp();
    this.gain = (float) (1 / Math.sqrt(in));
    this.weight = parameter("weight", Shape.of(COLOURS, in, 1, 1), Init.normal(1));
    this.bias = parameter("bias", Shape.of(COLOURS), Init.zeros());
    this.affine = child("affine", EqualLinear.of(config.w(), in, 1, 1));
  }

  /** [N, in, H, W] -> [N, 3, H, W]. */
  Tensor forward(String name, Tensor x, Codes codes) {
    Tensor styles = affine.forward(codes.w());
    codes.watch().see(name + ".affine", styles);
    Tensor y = ModulatedConv.pointwise(x, weight.value(), scale(styles, gain));
    Tensor out = clamp(add(y, reshape(bias.value(), 1, COLOURS, 1, 1)), -clamp, clamp);
    codes.watch().see(name, out);
    return out;
  }
}
