package engine.op;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.attention.Attention;
import engine.op.attention.Softmax;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SoftmaxTest {
  @Property(tries = 25)
  void contract(
      @ForAll @IntRange(min = 1, max = 400) int rows,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll long seed) {
    OpContract.check(softmax(Shape.of(rows, n)), seed);
  }

  @Example
  void blocks() {
    OpContract.check(softmax(Shape.of(2, 5000)).tolerance(1e-4), 1);
    OpContract.check(softmax(Shape.of(7)), 2);
    OpContract.check(softmax(Shape.of(0, 7)), 3);
    OpContract.check(softmax(Shape.of(3, 0)), 4);
  }

  @Example
  void specialValues() {
    float[] x = new float[8 * 21];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          switch (i / 21) {
            case 0 -> i % 2 == 0 ? -0f : 0f;
            case 1 -> i % 3 == 0 ? Float.NEGATIVE_INFINITY : i;
            case 2 -> Float.MAX_VALUE;
            case 3 -> i == 70 ? Float.NaN : i;
            case 4 -> -200f * (i % 7);
            case 5 -> Float.MIN_VALUE * i;
            case 6 -> i == 130 ? Float.POSITIVE_INFINITY : i;
            default -> Float.NEGATIVE_INFINITY;
          };
    }
    OpContract.sameBits(softmax(Shape.of(8, 21)), new float[][] {x}, 3);
    float[] y =
        Attention.softmax(Tensor.of(Shape.of(3), 0f, Float.NEGATIVE_INFINITY, 0f)).toArray();
    assertTrue(y[0] == 0.5f && y[1] == 0f && y[2] == 0.5f);
  }

  @Example
  void scalarHasNoAxis() {
    assertThrows(ShapeException.class, () -> Attention.softmax(Tensor.scalar(1)));
  }

  private static OpCase softmax(Shape shape) {
    int n = shape.dim(-1);
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[shape.size()];
          for (int row = 0; n > 0 && row < y.length / n; row++) {
            double sum = 0;
            for (int i = row * n; i < (row + 1) * n; i++) {
              y[i] = Math.exp(in[0][i]);
              sum += y[i];
            }
            for (int i = row * n; i < (row + 1) * n; i++) {
              y[i] /= sum;
            }
          }
          return y;
        };
    return OpCase.of(new Softmax(), oracle, shape).range(0, -3, 3);
  }
}
