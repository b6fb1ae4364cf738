package nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.SplitMix;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {
  @Property(tries = 50)
  void isItsFormulaAndItsGradientIsSoftmaxLessOne(
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll @IntRange(min = 1, max = 7) int k,
      @ForAll long seed) {
    Tensor x = Tensor.generate(Shape.of(n, k), i -> 8 * SplitMix.unit(seed, i) - 4).asParameter();
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = (int) Math.floorMod(SplitMix.at(seed, 900 + i), (long) k);
    }
    float[] values = x.toArray();
    try (Tape tape = Tape.open()) {
      Tensor loss = CrossEntropy.rows(x, labels);
      float[] got = loss.toArray();
      float[] gradient = tape.backward(Reduce.sum(loss)).of(x).toArray();
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int c = 0; c < k; c++) {
          sum += Math.exp(values[i * k + c]);
        }
        assertEquals(Math.log(sum) - values[i * k + labels[i]], got[i], 2e-6);
        for (int c = 0; c < k; c++) {
          double expected = Math.exp(values[i * k + c]) / sum - (c == labels[i] ? 1 : 0);
          assertEquals(expected, gradient[i * k + c], 2e-6);
        }
      }
    }
  }

  @Test
  void hugeOutputsDoNotOverflow() {
    Tensor x = Tensor.of(Shape.of(1, 2), 3e4f, -3e4f);
    assertEquals(6e4f, CrossEntropy.rows(x, new int[] {1}).item());
    assertEquals(0f, CrossEntropy.rows(x, new int[] {0}).item());
  }

  @Test
  void labelsMustBeClasses() {
    Tensor x = Tensor.zeros(Shape.of(2, 2));
    ShapeException e =
        assertThrows(ShapeException.class, () -> CrossEntropy.rows(x, new int[] {0, 2}));
    assertTrue(e.getMessage().contains("label 2 of row 1"), e.getMessage());
    assertThrows(ShapeException.class, () -> CrossEntropy.rows(x, new int[] {0}));
  }
}
