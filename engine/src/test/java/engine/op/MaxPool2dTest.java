package engine.op;

import static engine.op.resample.Resample.maxPool2d;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.resample.MaxPool2d;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import engine.testing.SplitMix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaxPool2dTest {
  @Property(tries = 30)
  void meetsTheContract(
      @ForAll @IntRange(min = 1, max = 4) int planes,
      @ForAll @IntRange(min = 0, max = 9) int height,
      @ForAll @IntRange(min = 0, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 3) int kernel,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll boolean ceil,
      @ForAll long seed) {
    Shape x = Shape.of(planes, kernel + height, kernel + width);
    MaxPool2d op = new MaxPool2d(kernel, stride, ceil);
    Shape y = op.infer(List.of(x));
    OpCase c = OpCase.of(op, in -> pooled(in[0], x, y, kernel, stride), x);
    OpContract.check(c, new float[][] {apart(x.size(), seed)}, seed);
  }

  /** The numbers -1, -0.99, -0.98, ... shuffled: no difference meets a change of the largest. */
  private static float[] apart(int n, long seed) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      int at = (int) Math.floorMod(SplitMix.at(seed, i), (long) i + 1);
      x[i] = x[at];
      x[at] = i * 0.01f - 1;
    }
    return x;
  }

  private static double[] pooled(double[] x, Shape in, Shape out, int kernel, int stride) {
    double[] y = new double[out.size()];
    for (int i = 0; i < y.length; i++) {
      int column = i % out.dim(2) * stride;
      int row = i / out.dim(2) % out.dim(1) * stride;
      int plane = i / out.dim(2) / out.dim(1);
      double most = Double.NEGATIVE_INFINITY;
      for (int r = row; r < Math.min(row + kernel, in.dim(1)); r++) {
        for (int c = column; c < Math.min(column + kernel, in.dim(2)); c++) {
          most = Math.max(most, x[(plane * in.dim(1) + r) * in.dim(2) + c]);
        }
      }
      y[i] = most;
    }
    return y;
  }

  /** PyTorch's sizes: a last window begins inside the picture. */
  @Test
  void ceilKeepsWhatIsLeftOver() {
    assertEquals(Shape.of(2, 3), shape(5, 7, 2, 2, false));
    assertEquals(Shape.of(3, 4), shape(5, 7, 2, 2, true));
    assertEquals(Shape.of(1, 2), shape(4, 5, 2, 4, true));
    assertEquals(Shape.of(27, 27), shape(55, 55, 3, 2, true));
  }

  private static Shape shape(int h, int w, int kernel, int stride, boolean ceil) {
    return new MaxPool2d(kernel, stride, ceil).infer(List.of(Shape.of(h, w)));
  }

  /** Of equal values the first is taken, and windows that overlap add up. */
  @Test
  void theGradientGoesToTheFirstOfTheLargest() {
    Tensor x = Tensor.of(Shape.of(1, 5), 2f, 2f, 1f, 5f, 0f).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor y = Tape.apply(new MaxPool2d(1, 1, false), x);
      assertArrayEquals(x.toArray(), y.toArray());
    }
    Tensor two = Tensor.of(Shape.of(2, 3), 4f, 4f, 1f, 0f, 4f, 4f).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor y = maxPool2d(two, 2, 1);
      Gradients g = tape.backward(List.of(y), List.of(Tensor.of(y.shape(), 10f, 100f)));
      assertArrayEquals(new float[] {10f, 100f, 0f, 0f, 0f, 0f}, g.of(two).toArray());
    }
  }

  @Test
  void oddValuesGiveTheSameBits() {
    Shape x = Shape.of(1, 8, 8);
    MaxPool2d op = new MaxPool2d(3, 2, true);
    Shape y = op.infer(List.of(x));
    OpCase c = OpCase.of(op, in -> pooled(in[0], x, y, 3, 2), x);
    OpContract.sameBits(c, new float[][] {SpecialValues.repeated(64)}, 1);
    float[] nan = {1f, Float.NaN, 3f, 2f};
    assertTrue(Float.isNaN(maxPool2d(Tensor.of(Shape.of(2, 2), nan), 2, 2).item()));
  }

  @Test
  void aWindowMustFit() {
    Tensor x = Tensor.zeros(Shape.of(2, 3, 2));
    Exception e = assertThrows(ShapeException.class, () -> maxPool2d(x, 3, 2));
    assertTrue(e.getMessage().contains("x=[2,3,2] kernel=3"), e.getMessage());
  }
}
