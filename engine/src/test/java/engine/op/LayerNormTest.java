package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.norm.LayerNorm;
import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LayerNormTest {
  private static final float EPS = 1e-5f;

  /** Rows of two or three elements leave almost no gradient unless eps is of their size. */
  private static final float LARGE_EPS = 0.5f;

  @Property(tries = 25)
  void contract(
      @ForAll @IntRange(min = 1, max = 3) int a,
      @ForAll @IntRange(min = 1, max = 9) int b,
      @ForAll @IntRange(min = 2, max = 70) int width,
      @ForAll boolean weight,
      @ForAll boolean bias,
      @ForAll long seed) {
    OpContract.check(layerNorm(Shape.of(a, b, width), weight, bias), seed);
  }

  /** Rows longer than a block of N5, more rows than a block of a chain, and a width of 1. */
  @Example
  void blocks() {
    OpContract.check(layerNorm(Shape.of(2, 4099), true, true), 5);
    OpContract.check(layerNorm(Shape.of(1031, 3), true, true), 6);
    OpContract.check(layerNorm(Shape.of(4, 1), true, true), 7);
    OpContract.check(layerNorm(Shape.of(0, 8), true, true), 8);
    OpContract.check(layerNorm(Shape.of(5), false, false), 9);
  }

  @Example
  void specialValues() {
    OpCase c = layerNorm(Shape.of(6, 19), true, true);
    float[][] in = {new float[6 * 19], new float[19], new float[19]};
    for (int i = 0; i < in[0].length; i++) {
      in[0][i] =
          switch (i / 19) {
            case 0 -> -0f;
            case 1 -> Float.MIN_VALUE * i;
            case 2 -> 1e38f * (i % 3);
            case 3 -> i == 60 ? Float.NaN : i;
            case 4 -> i == 80 ? Float.POSITIVE_INFINITY : i;
            default -> 7f;
          };
    }
    java.util.Arrays.fill(in[1], 1.5f);
    OpContract.sameBits(c, in, 3);
  }

  @Example
  void shapes() {
    Tensor x = Tensor.zeros(Shape.of(2, 4));
    String message =
        assertThrows(
                ShapeException.class,
                () -> Norm.layerNorm(x, Tensor.zeros(Shape.of(4)), Tensor.zeros(Shape.of(3)), EPS))
            .getMessage();
    assertEquals("[layerNorm] bias wants [4], the last axis of x: x=[2,4] bias=[3]", message);
    assertTrue(
        assertThrows(ShapeException.class, () -> Norm.layerNorm(Tensor.scalar(1), null, null, EPS))
            .getMessage()
            .startsWith("[layerNorm] wants at least one axis"));
  }

  private static OpCase layerNorm(Shape x, boolean weight, boolean bias) {
    List<Shape> shapes = new ArrayList<>(List.of(x));
    int width = x.dim(-1);
    float eps = width < 8 ? LARGE_EPS : EPS;
    if (weight) {
      shapes.add(Shape.of(width));
    }
    if (bias) {
      shapes.add(Shape.of(width));
    }
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[x.size()];
          for (int row = 0; row < y.length / width; row++) {
            double mean = 0;
            double var = 0;
            for (int i = 0; i < width; i++) {
              mean += in[0][row * width + i] / width;
            }
            for (int i = 0; i < width; i++) {
              var += Math.pow(in[0][row * width + i] - mean, 2) / width;
            }
            for (int i = 0; i < width; i++) {
              double v = (in[0][row * width + i] - mean) / Math.sqrt(var + eps);
              v = weight ? v * in[1][i] : v;
              y[row * width + i] = bias ? v + in[in.length - 1][i] : v;
            }
          }
          return y;
        };
    return OpCase.of(new LayerNorm(eps, weight, bias), oracle, shapes.toArray(Shape[]::new));
  }
}
