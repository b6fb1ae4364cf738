package medsora.baseline.mostganv;

import engine.op.layout.Layout;
import engine.tensor.Tensor;
import medsora.baseline.styleganv.Activation;
import medsora.baseline.styleganv.EqualLinear;
import medsora.baseline.styleganv.Generator;
import medsora.baseline.styleganv.GeneratorConfig;
import medsora.baseline.styleganv.MotionWords;
import medsora.baseline.styleganv.WordConv;
import org.jspecify.annotations.Nullable;

/** [w, v] -> linear, activation, linear -> words; and the layers that listen to them. */
public final class Words extends MotionWords {
  private final WordsConfig config;
  private final EqualLinear first;
  private final EqualLinear second;

  private Words(GeneratorConfig generator, WordsConfig config) {
    int codes = generator.w() + generator.motion().v();
    this.config = config;
    this.first = child("multimotionmap.0", EqualLinear.of(codes, config.hidden(), 1, 0));
    this.second =
        child(
            "multimotionmap.1",
            EqualLinear.of(config.hidden(), config.count() * config.width(), 1, 0));
  }

  /** The generator of MoStGAN-V. */
  public static Generator generator(GeneratorConfig generator, WordsConfig words) {
    return new Generator(generator, new Words(generator, words));
  }

  @Override
  public Tensor words(Tensor w, Tensor v) {
    Tensor hidden = Activation.gained(first.forward(Layout.concat(1, w, v)));
    return Layout.reshape(second.forward(hidden), w.dim(0), config.count(), config.width());
  }

  @Override
  public @Nullable WordConv layer(int side, int in, int out) {
    return config.sides().contains(side) ? new Listening(config, in) : null;
  }
}
