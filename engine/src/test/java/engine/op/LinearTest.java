package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.op.linalg.Linear;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearTest {
  @Property(tries = 30)
  void anyLeadingShape(
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll @IntRange(min = 0, max = 4) int b,
      @ForAll @IntRange(min = 1, max = 7) int l,
      @ForAll @IntRange(min = 1, max = 40) int in,
      @ForAll @IntRange(min = 1, max = 70) int out,
      @ForAll boolean bias,
      @ForAll long seed) {
    Shape x =
        switch (rank) {
          case 1 -> Shape.of(in);
          case 2 -> Shape.of(l, in);
          default -> Shape.of(b, l, in);
        };
    OpContract.check(linear(x, in, out, bias), seed);
  }

  /** Long sums in the value (in) and in the gradient of the weight (rows). */
  @ParameterizedTest
  @CsvSource({"5, 1025, 33", "600, 17, 9", "520, 1, 1"})
  void severalSegments(int rows, int in, int out) {
    OpContract.sameBits(
        linear(Shape.of(rows, in), in, out, true),
        new float[][] {
          MatmulTest.values(rows * in, 1), MatmulTest.values(out * in, 2), MatmulTest.values(out, 3)
        },
        4);
  }

  @Test
  void shapesThatDoNotFit() {
    Linear op = new Linear();
    assertMessage(
        "[linear] weight wants 4 input features, x has 3: x=[2,3] W=[5,4]",
        () -> op.infer(List.of(Shape.of(2, 3), Shape.of(5, 4))));
    assertMessage(
        "[linear] bias wants shape [5]: x=[2,4] W=[5,4] bias=[4]",
        () -> op.infer(List.of(Shape.of(2, 4), Shape.of(5, 4), Shape.of(4))));
    assertMessage(
        "[linear] wants x [...,in], W [out,in]: x=[4] W=[4]",
        () -> op.infer(List.of(Shape.of(4), Shape.of(4))));
  }

  private static void assertMessage(String message, Runnable body) {
    assertEquals(message, assertThrows(ShapeException.class, body::run).getMessage());
  }

  private static OpCase linear(Shape x, int in, int out, boolean bias) {
    OpCase.Oracle oracle =
        v -> {
          double[] y = new double[x.size() / in * out];
          for (int r = 0; r < y.length / out; r++) {
            for (int o = 0; o < out; o++) {
              double sum = bias ? v[2][o] : 0;
              for (int i = 0; i < in; i++) {
                sum += v[0][r * in + i] * v[1][o * in + i];
              }
              y[r * out + o] = sum;
            }
          }
          return y;
        };
    Shape w = Shape.of(out, in);
    return bias
        ? OpCase.of(new Linear(), oracle, x, w, Shape.of(out))
        : OpCase.of(new Linear(), oracle, x, w);
  }
}
