package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.reshape;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import org.jspecify.annotations.Nullable;

/** A modulated 3x3 convolution, a bias, and the activation. */
final class SynthesisLayer extends Module {
  private static final int KERNEL = 3;

  private final boolean up;
  private final float clamp;
  private final Parameter weight;
  private final Parameter bias;
  private final EqualLinear affine;
  private final @Nullable WordConv listening;

  /**
   * @param up whether height and width double
   * @param listening the convolution where the layer has words, or null
   */
  SynthesisLayer(
      GeneratorConfig config, int in, int out, boolean up, @Nullable WordConv listening) {
    this.up = up;
    this.clamp = config.clamp();
    this.weight = parameter("weight", Shape.of(out, in, KERNEL, KERNEL), Init.normal(1));
    this.bias = parameter("bias", Shape.of(out), Init.zeros());
    buffer("resample_filter", Filter.table());
    this.affine = child("affine", EqualLinear.of(config.w(), in, 1, 1));
    this.listening = listening == null ? null : child("hypernet", listening);
  }

  /** [N, in, H, W] -> [N, out, H, W], or twice as large. */
  Tensor forward(String name, Tensor x, Codes codes) {
    Tensor styles = affine.forward(codes.w());
    codes.watch().see(name + ".affine", styles);
    Tensor w = weight.value();
    Tensor words = codes.words();
    Tensor y =
        listening == null || words == null
            ? ModulatedConv.forward(x, w, styles, ModulatedConv.demodulation(w, styles), up)
            : listening.forward(new WordConv.Layer(name, w, up, codes.watch()), x, styles, words);
    Tensor out = Activation.clamped(add(y, reshape(bias.value(), 1, w.dim(0), 1, 1)), clamp);
    codes.watch().see(name, out);
    return out;
  }
}
