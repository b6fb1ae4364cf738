package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Walks;
import engine.op.norm.RmsNormMerge;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RmsNormMergeTest {
  /** Large, because the norm of one column has a gradient of eps alone: 1e-5 leaves only noise. */
  private static final float CASE_EPS = 0.1f;

  private static OpCase.Oracle oracle(RmsNormMerge op, int clips, int width, int gateWidth) {
    int tokens = clips * op.walks().tokens();
    int per = op.walks().count() / op.sums();
    return in -> {
      double[] y = new double[op.sums() * tokens * width];
      for (int walk = 0; walk < op.walks().count(); walk++) {
        for (int t = 0; t < tokens; t++) {
          double[] u = new double[width];
          double ms = 0;
          for (int c = 0; c < width; c++) {
            double z = in[2][t * gateWidth + op.gateFrom() + c];
            u[c] = in[0][op.walks().row(walk, t) * width + c] * (z / (1 + Math.exp(-z)));
            ms += u[c] * u[c] / width;
          }
          for (int c = 0; c < width; c++) {
            y[(walk / per * tokens + t) * width + c] += u[c] / Math.sqrt(ms + CASE_EPS) * in[1][c];
          }
        }
      }
      return y;
    };
  }

  private static OpCase of(RmsNormMerge op, int clips, int width, int gateWidth) {
    Walks w = op.walks();
    return OpCase.of(
            op,
            oracle(op, clips, width, gateWidth),
            Shape.of(clips * w.sequences(), w.length(), width),
            Shape.of(width),
            Shape.of(clips, w.tokens(), gateWidth))
        .range(2, 0.5, 2);
  }

  @Property(tries = 25)
  void contract(
      @ForAll @IntRange(min = 1, max = 2) int clips,
      @ForAll @IntRange(min = 1, max = 3) int sums,
      @ForAll @IntRange(min = 1, max = 2) int per,
      @ForAll @IntRange(min = 1, max = 3) int sequences,
      @ForAll @IntRange(min = 1, max = 5) int length,
      @ForAll @IntRange(min = 1, max = 37) int width,
      @ForAll @IntRange(min = 0, max = 3) int beside,
      @ForAll long seed) {
    Walks walks = WalksTest.drawn(sums * per, sequences, length, seed);
    RmsNormMerge op = new RmsNormMerge(walks, sums, CASE_EPS, beside);
    OpContract.check(of(op, clips, width, width + 2 * beside), seed);
  }

  @Test
  void refusals() {
    Walks walks = Walks.straight(6, 3);
    RmsNormMerge op = new RmsNormMerge(walks, 1, 1e-5f, 2);
    Shape x = Shape.of(4, 3, 5);
    Shape w = Shape.of(5);
    assertEquals(Shape.of(1, 2, 6, 5), op.infer(List.of(x, w, Shape.of(2, 6, 7))));
    String text =
        assertThrows(ShapeException.class, () -> op.infer(List.of(x, w, Shape.of(2, 6, 6))))
            .getMessage();
    assertTrue(text.contains("gate columns [2,7) are outside z"), text);
    assertThrows(ShapeException.class, () -> op.infer(List.of(x, w, Shape.of(2, 5, 7))));
    assertThrows(ShapeException.class, () -> op.infer(List.of(x, Shape.of(6), Shape.of(2, 6, 7))));
    assertThrows(IllegalArgumentException.class, () -> new RmsNormMerge(walks, 2, 1e-5f, 0));
  }
}
