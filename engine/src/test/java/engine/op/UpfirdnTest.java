package engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.op.elementwise.Elementwise;
import engine.op.reduce.Reduce;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class UpfirdnTest {
  private record Case(int in, double[] filter, int up, int down, int before, int after) {
    static Case drawn(Drawn d, long seed) {
      double[] filter = new double[d.next(1, 6)];
      for (int i = 0; i < filter.length; i++) {
        filter[i] = SplitMix.unit(seed, i) - 0.4;
      }
      // Long enough for all taps with both borders cut.
      int in = d.next(8, 12);
      return new Case(in, filter, d.next(1, 3), d.next(1, 3), d.next(-1, 4), d.next(-1, 5));
    }

    Tensor of(Tensor x, int axis) {
      return Resample.upfirdn(x, axis, filter, up, down, before, after);
    }

    /** Zeros between and around, then a convolution, then every so many. */
    double[] plain(double[] x) {
      double[] z = new double[in * up + before + after];
      for (int i = 0; i < in; i++) {
        int at = before + i * up;
        if (at >= 0 && at < z.length) {
          z[at] = x[i];
        }
      }
      int k = filter.length;
      double[] y = new double[(z.length - k) / down + 1];
      for (int j = 0; j < y.length; j++) {
        for (int i = 0; i < k; i++) {
          y[j] += filter[i] * z[j * down + k - 1 - i];
        }
      }
      return y;
    }
  }

  @Property(tries = 60)
  void isItsFormulaAndTheSameEverywhere(@ForAll long seed) {
    Drawn d = Drawn.of(seed);
    Case c = Case.drawn(d, seed);
    Tensor x = Tensor.generate(Shape.of(3, c.in, 2), i -> SplitMix.unit(seed, 40 + i) - 0.5);
    float[] values = x.toArray();
    float[] got = c.of(x, 1).toArray();
    for (int row = 0; row < 6; row++) {
      double[] line = new double[c.in];
      for (int i = 0; i < c.in; i++) {
        line[i] = values[(row / 2 * c.in + i) * 2 + row % 2];
      }
      double[] expected = c.plain(line);
      assertEquals(expected.length * 6, got.length);
      for (int j = 0; j < expected.length; j++) {
        assertEquals(expected[j], got[(row / 2 * expected.length + j) * 2 + row % 2], 2e-6);
      }
    }
    OpContract.backends()
        .forEach(
            (name, k) -> Bits.assertEqual(got, Backends.with(k, () -> c.of(x, 1).toArray()), name));
  }

  /** Linear: the gradient of g . f(x) is g . f of each direction. */
  @Property(tries = 30)
  void gradientIsTheTransposedMap(@ForAll long seed) {
    Case c = Case.drawn(Drawn.of(seed), seed);
    Tensor x = Tensor.generate(Shape.of(c.in), i -> SplitMix.unit(seed, i)).asParameter();
    int outputs = c.plain(new double[c.in]).length;
    Tensor g = Tensor.generate(Shape.of(outputs), i -> SplitMix.unit(seed, 90 + i) - 0.5);
    float[] got;
    try (Tape tape = Tape.open()) {
      got = tape.backward(Reduce.sum(Elementwise.mul(g, c.of(x, 0)))).of(x).toArray();
    }
    float[] weight = g.toArray();
    for (int i = 0; i < c.in; i++) {
      double[] direction = new double[c.in];
      direction[i] = 1;
      double[] y = c.plain(direction);
      double expected = 0;
      for (int j = 0; j < y.length; j++) {
        expected += weight[j] * y[j];
      }
      assertEquals(expected, got[i], 2e-6);
    }
  }

  @Test
  void doublingAConstantKeepsItInside() {
    double[] filter = {0.25, 0.75, 0.75, 0.25};
    float[] y = Resample.upfirdn(Tensor.full(Shape.of(4), 2f), 0, filter, 2, 1, 2, 1).toArray();
    assertArrayEquals(new float[] {1.5f, 2, 2, 2, 2, 2, 2, 1.5f}, y);
  }

  @Test
  void leakyReluIsExactOnBothSides() {
    Tensor x = Tensor.of(Shape.of(4), -2f, -0f, 1e-20f, 0.3f);
    assertArrayEquals(
        new float[] {-0.4f, 0, 1e-20f, 0.3f}, Elementwise.leakyRelu(x, 0.2f).toArray());
  }

  @Test
  void errorsSayWhatWasAsked() {
    Tensor x = Tensor.zeros(Shape.of(2, 3));
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> Resample.upfirdn(x, 1, new double[] {1, 1, 1, 1, 1}, 1, 1, 0, 1));
    assertTrue(e.getMessage().startsWith("[upfirdn] 5 taps"), e.getMessage());
    assertThrows(ShapeException.class, () -> Resample.upfirdn(x, 1, new double[] {1}, 0, 1, 0, 0));
  }
}
