package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.norm.RmsNormGated;
import engine.op.norm.RmsNorms;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RmsNormGatedTest {
  private static final float EPS = 1e-5f;

  /** Large, because the norm of one column has a gradient of eps alone: 1e-5 leaves only noise. */
  private static final float CASE_EPS = 0.1f;

  private static OpCase.Oracle oracle(int rows, int width, int group, boolean first) {
    return in -> {
      double[] y = new double[rows * width];
      for (int r = 0; r < rows; r++) {
        double[] u = new double[width];
        double[] gate = new double[width];
        for (int c = 0; c < width; c++) {
          double z = in.length > 2 ? in[2][r * width + c] : 0;
          gate[c] = in.length > 2 ? z / (1 + Math.exp(-z)) : 1;
          u[c] = in[0][r * width + c] * (first ? 1 : gate[c]);
        }
        for (int c = 0; c < width; c++) {
          double ms = 0;
          for (int i = c / group * group; i < c / group * group + group; i++) {
            ms += u[i] * u[i] / group;
          }
          double n = u[c] / Math.sqrt(ms + CASE_EPS) * in[1][c];
          y[r * width + c] = first ? n * gate[c] : n;
        }
      }
      return y;
    };
  }

  @Property(tries = 25)
  void contract(
      @ForAll @IntRange(min = 1, max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 41) int group,
      @ForAll @IntRange(min = 1, max = 3) int groups,
      @ForAll boolean first,
      @ForAll boolean gated,
      @ForAll long seed) {
    int width = group * groups;
    Shape x = Shape.of(1, rows, width);
    RmsNormGated op = new RmsNormGated(groups == 1 ? 0 : group, first, CASE_EPS);
    OpCase.Oracle oracle = oracle(rows, width, group, first);
    Shape weight = Shape.of(width);
    OpCase c =
        gated
            ? OpCase.of(op, oracle, x, weight, x).range(2, 0.5, 2)
            : OpCase.of(op, oracle, x, weight);
    OpContract.check(c.range(0, 0.3, 1.5), seed);
  }

  @Test
  void manyRows() {
    OpContract.check(
        OpCase.of(
            new RmsNormGated(0, false, CASE_EPS),
            oracle(1100, 19, 19, false),
            Shape.of(1100, 19),
            Shape.of(19),
            Shape.of(1100, 19)),
        5);
  }

  @Test
  void specialValues() {
    int n = 5 * 34;
    Shape x = Shape.of(5, 34);
    for (boolean first : new boolean[] {false, true}) {
      OpCase c =
          OpCase.of(
              new RmsNormGated(17, first, CASE_EPS), oracle(5, 34, 17, first), x, Shape.of(34), x);
      float[] ones = new float[n];
      java.util.Arrays.fill(ones, 1f);
      float[] w = new float[34];
      java.util.Arrays.fill(w, 2f);
      OpContract.sameBits(c, new float[][] {SpecialValues.repeated(n), w, ones}, 1);
      OpContract.sameBits(c, new float[][] {ones, w, SpecialValues.repeated(n)}, 2);
      OpContract.sameBits(c, new float[][] {SpecialValues.finite(n), w, ones}, 3);
      OpContract.sameBits(c, new float[][] {ones, SpecialValues.repeated(34), ones}, 4);
    }
  }

  @Test
  void fixture() {
    Fixture f = Fixtures.load("rmsnorm_gated");
    try (Tape tape = Tape.open()) {
      Tensor x = tensor(f, "in.x").asParameter();
      Tensor z = tensor(f, "in.z").asParameter();
      Tensor weight = tensor(f, "in.weight").asParameter();
      Tensor y = RmsNorms.rmsNormGated(x, z, weight);
      Tensor groups = RmsNorms.rmsNormGated(x, z, weight, 8, false, EPS);
      Tensor first = RmsNorms.rmsNormGated(x, z, weight, 0, true, EPS);
      close(f, "out.y", y);
      close(f, "out.y_groups8", groups);
      close(f, "out.y_norm_before_gate", first);
      Gradients g =
          tape.backward(
              List.of(y, groups, first),
              List.of(
                  tensor(f, "lossw.y"),
                  tensor(f, "lossw.y_groups8"),
                  tensor(f, "lossw.y_norm_before_gate")));
      close(f, "grad.in.x", g.of(x));
      close(f, "grad.in.z", g.of(z));
      close(f, "grad.in.weight", g.of(weight));
    }
  }

  private static Tensor tensor(Fixture f, String name) {
    return Tensor.of(Shape.of(f.dims(name)), f.floats(name));
  }

  private static void close(Fixture f, String name, Tensor got) {
    double error = Fixtures.error(got.toArray(), f.floats(name));
    assertTrue(error < 2e-6, name + ": " + error);
  }

  @Test
  void refusals() {
    Tensor x = Tensor.zeros(Shape.of(3, 8));
    Tensor w = Tensor.zeros(Shape.of(8));
    assertEquals(
        "[rmsNorm] groups of 3 do not divide a width of 8: x=[3,8] weight=[8] z=[3,8]",
        assertThrows(ShapeException.class, () -> RmsNorms.rmsNormGated(x, x, w, 3, false, EPS))
            .getMessage());
    assertThrows(
        ShapeException.class, () -> RmsNorms.rmsNormGated(x, Tensor.zeros(Shape.of(3, 9)), w));
    assertThrows(IllegalArgumentException.class, () -> new RmsNormGated(0, false, 0f));
  }
}
