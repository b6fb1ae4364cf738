package medsora.baseline.lvdm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.op.reduce.Reduce;
import engine.reference.Formula;
import engine.tensor.Tensor;
import java.util.Map;
import java.util.function.Supplier;
import nn.Entry;
import nn.Module;
import nn.Parameter;
import nn.io.Weights;

/** Gradients of a module against differences of the fourth order, at the largest of each weight. */
final class Differences {

  private Differences() {}

  /** Weights without zeros, a name's alias counted as the fixtures count it. */
  static <M extends Module> M filled(M module, long seed) {
    int p = 0;
    for (Map.Entry<String, Entry> e : module.stateDict().entrySet()) {
      long[] shape = Weights.extents(e.getValue().shape());
      e.getValue().write(Formula.value(e.getKey(), shape, seed, p++));
    }
    return module;
  }

  /** The sum of a result times numbers that stay the same. */
  static Tensor weighted(Tensor y) {
    float[] weights = Formula.input(11, 1, Weights.extents(y.shape()), 1, 0);
    return Reduce.sum(Elementwise.mul(y, Tensor.of(y.shape(), weights)));
  }

  /**
   * @param loss one element
   * @param step by which a weight is moved
   * @param tolerance relative to the difference; what rounding of the loss makes of it comes on top
   */
  static void compare(Module module, Supplier<Tensor> loss, float step, double tolerance) {
    Gradients gradients;
    double rounding;
    try (Tape tape = Tape.open()) {
      Tensor whole = loss.get();
      rounding = 1e-6 * Math.max(1, Math.abs(whole.item())) / step;
      gradients = tape.backward(whole);
    }
    for (Map.Entry<String, Parameter> e : module.parameters().entrySet()) {
      Tensor leaf = e.getValue().value();
      float[] gradient = gradients.of(leaf).toArray();
      int at = 0;
      for (int i = 0; i < gradient.length; i++) {
        at = Math.abs(gradient[i]) > Math.abs(gradient[at]) ? i : at;
      }
      double difference = difference(loss, leaf, at, step);
      double allowed = (tolerance * Math.abs(difference)) + rounding;
      assertEquals(difference, gradient[at], allowed, e.getKey() + " element " + at);
    }
  }

  private static double difference(Supplier<Tensor> loss, Tensor leaf, int i, float h) {
    double near = at(loss, leaf, i, h) - at(loss, leaf, i, -h);
    double far = at(loss, leaf, i, 2 * h) - at(loss, leaf, i, -2 * h);
    return ((8 * near) - far) / (12 * h);
  }

  private static double at(Supplier<Tensor> loss, Tensor leaf, int i, float step) {
    float[] values = leaf.toArray();
    float[] moved = values.clone();
    moved[i] += step;
    leaf.storage().write(moved);
    try (Tape scope = Tape.noGrad()) {
      return loss.get().item();
    } finally {
      leaf.storage().write(values);
    }
  }
}
