package medsora.baseline.mostganv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.Set;
import medsora.baseline.styleganv.Watch;
import medsora.baseline.styleganv.WordConv;
import nn.Module;
import org.junit.jupiter.api.Test;

/** The four ways of computing a layer with words, against what upstream's switches give. */
class ListeningTest {
  private static final Fixture OPS = Fixtures.load("mostganv_ops");

  private static Tensor tensor(String name) {
    return Tensor.of(Shape.of(OPS.dims(name)), OPS.floats(name));
  }

  private static Listening layer(WordsConfig.Form form) {
    Tensor words = tensor("in.words");
    Listening layer =
        new Listening(
            new WordsConfig(words.dim(1), words.dim(2), 1, Set.of(8), form), tensor("in.x").dim(1));
    layer.stateDict().get("conv0.weight").write(OPS.floats("in.hypernet"));
    return layer;
  }

  private static Tensor forward(WordsConfig.Form form, boolean up, Tensor weight, Tensor words) {
    return layer(form)
        .forward(
            new WordConv.Layer("b8.conv1", weight, up, Watch.NONE),
            tensor("in.x"),
            tensor("in.styles"),
            words);
  }

  private static double error(WordsConfig.Form form, String expected, boolean up) {
    Tensor y = forward(form, up, tensor("in.weight"), tensor("in.words"));
    return Fixtures.error(y.toArray(), OPS.floats(expected));
  }

  @Test
  void eachFormIsUpstreams() {
    for (boolean up : new boolean[] {false, true}) {
      String conv = up ? "modconv_up" : "modconv";
      assertEquals(0, error(WordsConfig.Form.PUBLISHED, "out.prenorm." + conv, up), 4.1e-6);
      assertEquals(0, error(WordsConfig.Form.FLOAT32, "out." + conv, up), 4.1e-6);
      assertEquals(0, error(WordsConfig.Form.FUSED, "info.fused." + conv, up), 4.1e-6);
      assertTrue(error(WordsConfig.Form.FUSED, "out." + conv, up) > 0.01);
      assertTrue(error(WordsConfig.Form.PUBLISHED, "out." + conv, up) > 0.001);
    }
  }

  /** First derivatives exist, by central differences; training would want the second ones. */
  @Test
  void gradientsAreThoseOfCentralDifferences() {
    Tensor weight = tensor("in.weight");
    float[] words = OPS.floats("in.words");
    Shape shape = tensor("in.words").shape();
    for (WordsConfig.Form form : Set.of(WordsConfig.Form.PUBLISHED, WordsConfig.Form.FUSED)) {
      float[] gradient;
      try (Tape tape = Tape.open()) {
        Tensor leaf = Tensor.of(shape, words).asParameter();
        gradient = tape.backward(loss(forward(form, false, weight, leaf))).of(leaf).toArray();
      }
      double squares = 0;
      for (float g : gradient) {
        squares += (double) g * g;
      }
      double step = 0.01 / Math.sqrt(squares);
      double slope =
          (moved(form, weight, gradient, step) - moved(form, weight, gradient, -step)) / (2 * step);
      assertEquals(1, slope / squares, 0.02, form.toString());
    }
  }

  /** The loss where all words went a step along the gradient: kinks of single numbers average. */
  private static double moved(WordsConfig.Form form, Tensor weight, float[] gradient, double step) {
    float[] words = OPS.floats("in.words");
    for (int i = 0; i < words.length; i++) {
      words[i] += (float) (step * gradient[i]);
    }
    Shape shape = tensor("in.words").shape();
    float[] y = forward(form, false, weight, Tensor.of(shape, words)).toArray();
    double sum = 0;
    for (int j = 0; j < y.length; j++) {
      sum += y[j] * Math.floorMod(j, 7);
    }
    return sum;
  }

  private static Tensor loss(Tensor y) {
    Tensor weights = Tensor.generate(y.shape(), j -> Math.floorMod(j, 7));
    return Reduce.sum(Elementwise.mul(weights, y));
  }

  @Test
  void namesAreThePublishedOnes() {
    Module layer = layer(WordsConfig.Form.PUBLISHED);
    assertEquals(Set.of("conv0.weight", "conv0.resample_filter"), layer.stateDict().keySet());
  }
}
