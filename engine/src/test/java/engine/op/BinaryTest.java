package engine.op;

import engine.kernel.Binary;
import engine.op.elementwise.BinaryOp;
import engine.tensor.Shape;
import engine.testing.OpCase;
import engine.testing.OpContract;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BinaryTest {
  @Property(tries = 20)
  void arithmetic(
      @ForAll @IntRange(min = 1, max = 5) int a,
      @ForAll @IntRange(min = 1, max = 5) int b,
      @ForAll @IntRange(min = 1, max = 70) int c,
      @ForAll @IntRange(min = 0, max = 3) int kind,
      @ForAll @IntRange(min = 0, max = 7) int repeat,
      @ForAll long seed) {
    Binary f = Binary.values()[kind];
    Shape full = Shape.of(a, b, c);
    Shape part =
        Shape.of((repeat & 1) == 0 ? a : 1, (repeat & 2) == 0 ? b : 1, (repeat & 4) == 0 ? c : 1);
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[full.size()];
          for (int i = 0; i < y.length; i++) {
            int k = i % c;
            int j = i / c % b;
            int h = i / (b * c);
            int at =
                ((repeat & 1) == 0 ? h * part.dim(1) * part.dim(2) : 0)
                    + ((repeat & 2) == 0 ? j * part.dim(2) : 0)
                    + ((repeat & 4) == 0 ? k : 0);
            double l = in[0][i];
            double r = in[1][at];
            y[i] =
                switch (f) {
                  case ADD -> l + r;
                  case SUB -> l - r;
                  case MUL -> l * r;
                  default -> l / r;
                };
          }
          return y;
        };
    OpContract.check(OpCase.of(new BinaryOp(f), oracle, full, part).range(1, 0.5, 2), seed);
  }
}
