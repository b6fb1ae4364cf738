package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.add;

import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.ParameterGroup;
import org.jspecify.annotations.Nullable;

/** The layers of one size: the first block holds the constant, the others double the size. */
final class SynthesisBlock extends Module {
  private final String name;
  private final @Nullable Parameter constant;
  private final @Nullable SynthesisLayer first;
  private final SynthesisLayer second;
  private final ToRgb colours;

  /**
   * @param index 0 for 4x4 pixels
   * @param words what layers listen to, or null
   */
  SynthesisBlock(GeneratorConfig config, int index, @Nullable MotionWords words) {
    int side = GeneratorConfig.side(index);
    int out = config.channels().get(index);
    this.name = "b" + side;
    buffer("resample_filter", Filter.table());
    int in;
    if (index == 0) {
      Shape shape = Shape.of(1, out, side, side);
      this.constant =
          child("input.input", new ParameterGroup()).add("const", shape, Init.normal(1));
      this.first = null;
      in = out + config.motion().v();
    } else {
      this.constant = null;
      int before = config.channels().get(index - 1);
      this.first = child("conv0", layer(config, words, side, new Widths(before, out, true)));
      in = out;
    }
    this.second = child("conv1", layer(config, words, side, new Widths(in, out, false)));
    this.colours = child("torgb", new ToRgb(config, out));
  }

  private record Widths(int in, int out, boolean up) {}

  private static SynthesisLayer layer(
      GeneratorConfig config, @Nullable MotionWords words, int side, Widths widths) {
    WordConv listening = words == null ? null : words.layer(side, widths.in, widths.out);
    return new SynthesisLayer(config, widths.in, widths.out, widths.up, listening);
  }

  /**
   * The next features.
   *
   * @param x [N, in, H/2, W/2], or the codes of times [N, v] in the first block
   * @return [N, out, H, W]
   */
  Tensor forward(Tensor x, Codes codes) {
    return Tape.scoped(() -> {
      Tensor y = first == null ? begin(x, codes) : first.forward(name + ".conv0", x, codes);
      return second.forward(name + ".conv1", y, codes);
    });
  }

  /** The constant with the time of each frame as further channels. */
  private Tensor begin(Tensor v, Codes codes) {
    Tensor own = Layout.expand(constant().value(), 0, v.dim(0));
    int h = own.dim(2);
    Tensor time = Layout.expand(Layout.reshape(v, v.dim(0), v.dim(1), 1), 2, h * h);
    Tensor both = Layout.concat(1, own, Layout.reshape(time, v.dim(0), v.dim(1), h, h));
    codes.watch().see(name + ".input", both);
    return both;
  }

  private Parameter constant() {
    if (constant == null) {
      throw new IllegalStateException("[styleganv] " + name + " has no constant");
    }
    return constant;
  }

  /**
   * The picture so far, doubled, and what these features add.
   *
   * @param x [N, out, H, W]
   * @param picture [N, 3, H/2, W/2], or null in the first block
   * @return [N, 3, H, W]
   */
  Tensor picture(Tensor x, @Nullable Tensor picture, Codes codes) {
    return Tape.scoped(() -> {
      Tensor more = colours.forward(name + ".torgb", x, codes);
      return picture == null ? more : add(Filter.doubled(picture), more);
    });
  }
}
