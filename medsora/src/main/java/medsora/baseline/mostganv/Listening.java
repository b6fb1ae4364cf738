package medsora.baseline.mostganv;

import static engine.op.elementwise.Elementwise.mul;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.baseline.styleganv.Filter;
import medsora.baseline.styleganv.ModulatedConv;
import medsora.baseline.styleganv.WordConv;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/**
 * The convolution of a layer with words. In training, and wherever float16 is used on more than one
 * frame, upstream takes another way than in float32: there the changed weight only scales outputs
 * back, and the plain one convolves. That is the network that was trained, and what is computed
 * here unless the form says otherwise.
 */
final class Listening extends WordConv {
  private static final int KERNEL = 3;

  private final WordsConfig.Form form;
  private final Hyper hyper;

  /** {@code hypernet.conv0}; its filter is stored and never used. */
  private static final class Hyper extends Module {
    private final Parameter weight;

    Hyper(int width, int in) {
      this.weight = parameter("weight", Shape.of(in + 2 * KERNEL, width, 1, 1), Init.normal(1));
      buffer("resample_filter", Filter.table());
    }
  }

  Listening(WordsConfig config, int in) {
    this.form = config.form();
    this.hyper = child("conv0", new Hyper(config.width(), in));
  }

  @Override
  public Tensor forward(Layer layer, Tensor x, Tensor styles, Tensor words) {
    Tensor factors = Patterns.factors(words, hyper.weight.value());
    layer.watch().see(layer.name() + ".hypernet", permute(factors, 0, 2, 1));
    Tensor weight =
        form.prenormalised() ? Hearing.prenormalisedWeight(layer.weight()) : layer.weight();
    Tensor s = form.prenormalised() ? Hearing.prenormalisedStyles(styles) : styles;
    List<Tensor> frames = new ArrayList<>();
    for (int i = 0; i < x.dim(0); i++) {
      Tensor style = slice(s, 0, i, i + 1);
      Tensor factor = slice(factors, 0, i, i + 1);
      Tensor frame = slice(x, 0, i, i + 1);
      frames.add(
          Tape.scoped(() -> {
            Hearing heard = Hearing.of(weight, style, Patterns.of(factor));
            return form.fused() ? fused(frame, heard, layer.up()) : heard.back();
          }));
    }
    Tensor joined = Layout.concat(0, frames);
    return form.fused() ? joined : ModulatedConv.forward(x, weight, s, joined, layer.up());
  }

  /** One frame by a weight of its own. */
  private static Tensor fused(Tensor x, Hearing heard, boolean up) {
    Tensor back = reshape(heard.back(), heard.weight().dim(0), 1, 1, 1);
    return ModulatedConv.convolved(x, mul(heard.weight(), back), up);
  }
}
