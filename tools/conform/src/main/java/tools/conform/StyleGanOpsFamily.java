package tools.conform;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.leakyRelu;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import medsora.baseline.styleganv.Activation;
import medsora.baseline.styleganv.EqualConv1d;
import medsora.baseline.styleganv.EqualLinear;
import medsora.baseline.styleganv.Filter;
import medsora.baseline.styleganv.Mapping;
import medsora.baseline.styleganv.ModulatedConv;
import nn.Module;

/**
 * {@code styleganv_ops}: the filters, the modulated convolution with and without doubling, the one
 * to colours, the activation, and the two layers of equalised learning rate with their activations.
 */
final class StyleGanOpsFamily implements Family {
  /** What the convolution is multiplied by before the activation, so that some of it is clamped. */
  private static final float LOUDER = 3;

  private static final float CLAMP = 4;
  private static final float RATE = 0.01f;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    try (Tape scope = Tape.noGrad()) {
      filters(check, file.tensor("in.image"));
      convolutions(check);
      Tensor x = file.tensor("in.fc.x");
      check.floats("out.fc.normalised", Mapping.normalised(x));
      Tensor w = file.tensor("in.fc.weight");
      EqualLinear linear = EqualLinear.of(w.dim(1), w.dim(0), RATE, 0);
      fill(linear, w, file.tensor("in.fc.bias"));
      check.floats("out.fc.y", Activation.gained(linear.forward(x)));
      Tensor taps = file.tensor("in.conv1d.weight");
      EqualConv1d conv = new EqualConv1d(taps.dim(1), taps.dim(0), taps.dim(2), RATE);
      fill(conv, taps, file.tensor("in.conv1d.bias"));
      Tensor path = conv.forward(file.tensor("in.conv1d.x"));
      check.floats("out.conv1d.y", leakyRelu(path, Activation.SLOPE));
    }
  }

  private static void fill(Module module, Tensor weight, Tensor bias) {
    module.parameters().get("weight").write(weight.toArray());
    module.parameters().get("bias").write(bias.toArray());
  }

  private static void filters(Check check, Tensor image) {
    check.floats("param.filter", Filter.table());
    check.floats("out.upsample2d", Filter.doubled(image));
    check.floats("out.downsample2d", Filter.halved(image));
    check.floats("out.filter_gain4_pad1", Filter.smoothed(image));
  }

  private static void convolutions(Check check) {
    FixtureFile file = check.file();
    Tensor x = file.tensor("in.x");
    Tensor weight = file.tensor("in.weight");
    Tensor styles = file.tensor("in.styles");
    Tensor back = ModulatedConv.demodulation(weight, styles);
    check.floats("out.dcoefs", back);
    Tensor y = ModulatedConv.forward(x, weight, styles, back, false);
    check.floats("out.modconv", y);
    check.floats("out.modconv_up", ModulatedConv.forward(x, weight, styles, back, true));
    Tensor modulated = mul(x, ModulatedConv.planes(styles));
    check.floats("out.transposed_conv_before_filter", ModulatedConv.transposed(modulated, weight));
    Tensor fewer = scale(styles, (float) (1 / Math.sqrt(styles.dim(1))));
    check.floats("out.torgb", ModulatedConv.pointwise(x, file.tensor("in.weight_rgb"), fewer));
    Tensor bias = reshape(file.tensor("in.bias"), 1, y.dim(1), 1, 1);
    check.floats("out.bias_lrelu_clamp", Activation.clamped(add(scale(y, LOUDER), bias), CLAMP));
  }
}
