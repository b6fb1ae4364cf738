package engine.op;

import engine.op.reduce.Sum;
import engine.tensor.Shape;
import engine.testing.OpCase;
import engine.testing.OpContract;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SumTest {
  @Property(tries = 25)
  void contract(
      @ForAll @IntRange(min = 0, max = 4) int outer,
      @ForAll @IntRange(min = 1, max = 90) int r,
      @ForAll @IntRange(min = 1, max = 90) int inner,
      @ForAll boolean keep,
      @ForAll long seed) {
    OpContract.check(sum(Shape.of(outer, r, inner), 1, keep), seed);
    OpContract.check(sum(Shape.of(outer, inner, r), 2, keep), seed);
  }

  /** Many blocks, and enough of them that their sums fill a block again. */
  @Example
  void blocks() {
    OpContract.check(sum(Shape.of(1, 1, 4096 * 3 + 17), 2, false), 1);
    OpContract.check(sum(Shape.of(3, 1, 8193), 2, false), 2);
    OpContract.check(sum(Shape.of(2, 1025, 7), 1, false), 3);
    OpContract.check(sum(Shape.of(1, 512, 300), 1, false), 4);
  }

  private static OpCase sum(Shape x, int axis, boolean keep) {
    int inner = x.size(axis + 1, 3);
    int r = x.dim(axis);
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[x.size() / r];
          for (int i = 0; i < x.size(); i++) {
            y[i / (r * inner) * inner + i % inner] += in[0][i];
          }
          return y;
        };
    return OpCase.of(new Sum(axis, axis + 1, keep), oracle, x).tolerance(1e-4);
  }
}
