package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.op.conv.UpsampleConv;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class UpsampleConvTest {
  /** The formula of {@link UpsampleConv} in double precision, on the doubled image. */
  private static OpCase.Oracle oracle(Shape x, int co, boolean bias) {
    int ci = x.dim(1);
    int h = x.dim(3);
    int w = x.dim(4);
    return in -> {
      double[] out = new double[x.dim(0) * co * x.dim(2) * 4 * h * w];
      for (int i = 0; i < out.length; i++) {
        int column = i % (2 * w);
        int row = i / (2 * w) % (2 * h);
        int t = i / (4 * w * h) % x.dim(2);
        int c = i / (4 * w * h * x.dim(2)) % co;
        int n = i / (4 * w * h * x.dim(2) * co);
        double sum = bias ? in[2][c] : 0;
        for (int k = 0; k < ci * 9; k++) {
          int p = row + k / 3 % 3 - 1;
          int q = column + k % 3 - 1;
          if (p >= 0 && p < 2 * h && q >= 0 && q < 2 * w) {
            int from = (((n * ci + k / 9) * x.dim(2) + t) * h + p / 2) * w + q / 2;
            sum += in[1][c * ci * 9 + k] * in[0][from];
          }
        }
        out[i] = sum;
      }
      return out;
    };
  }

  private static OpCase conv(Shape x, int co, boolean bias) {
    Shape weight = Shape.of(co, x.dim(1), 3, 3);
    OpCase.Oracle oracle = oracle(x, co, bias);
    return bias
        ? OpCase.of(new UpsampleConv(), oracle, x, weight, Shape.of(co))
        : OpCase.of(new UpsampleConv(), oracle, x, weight);
  }

  private static int draw(long seed, int index, int low, int high) {
    return low + (int) Math.floorMod(SplitMix.at(seed, index), (long) (high - low + 1));
  }

  @Property(tries = 40)
  void anyShape(@ForAll long seed) {
    Shape x =
        Shape.of(
            draw(seed, 0, 0, 3),
            draw(seed, 1, 1, 5),
            draw(seed, 2, 1, 3),
            draw(seed, 3, 1, 7),
            draw(seed, 4, 1, 9));
    OpContract.check(conv(x, draw(seed, 5, 1, 7), (seed & 1) == 0), seed);
  }

  /** Several segments of 512, and rows longer than the lanes. */
  @Test
  void segments() {
    OpContract.check(conv(Shape.of(1, 131, 1, 3, 19), 9, true), 5);
    OpContract.check(conv(Shape.of(2, 3, 2, 5, 37), 21, false), 6);
  }

  @Test
  void wrongShapesAreNamed() {
    refused(
        "[upsampleConv] weight wants [Co,3,3,3]: x=[1,3,2,4,5] weight=[4,2,3,3]",
        Shape.of(1, 3, 2, 4, 5),
        Shape.of(4, 2, 3, 3));
    refused(
        "[upsampleConv] x wants [N,Ci,T,H,W], nothing empty but N: x=[3,2,4,5] weight=[4,2,3,3]",
        Shape.of(3, 2, 4, 5),
        Shape.of(4, 2, 3, 3));
    refused(
        "[upsampleConv] bias wants [4]: x=[1,2,3,4,5] weight=[4,2,3,3] bias=[5]",
        Shape.of(1, 2, 3, 4, 5),
        Shape.of(4, 2, 3, 3),
        Shape.of(5));
  }

  private static void refused(String message, Shape... shapes) {
    ShapeException e =
        assertThrows(ShapeException.class, () -> new UpsampleConv().infer(List.of(shapes)));
    assertEquals(message, e.getMessage());
  }
}
