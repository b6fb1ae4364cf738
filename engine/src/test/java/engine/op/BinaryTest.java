package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.kernel.Binary;
import engine.op.elementwise.BinaryOp;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BinaryTest {
  /** Both operands repeat along any of up to five axes; the ranks may differ. */
  @Property(tries = 60)
  void broadcasts(
      @ForAll @Size(min = 0, max = 5) List<@IntRange(min = 0, max = 9) Integer> dims,
      @ForAll @IntRange(min = 0, max = 31) int repeatA,
      @ForAll @IntRange(min = 0, max = 31) int repeatB,
      @ForAll @IntRange(min = 0, max = 5) int dropB,
      @ForAll @IntRange(min = 0, max = 3) int kind,
      @ForAll long seed) {
    Shape a = part(dims, repeatA, 0);
    Shape b = part(dims, repeatB, Math.min(dropB, dims.size()));
    OpContract.check(of(Binary.values()[kind], a, b), seed);
    OpContract.check(of(Binary.values()[kind], b, a), seed);
  }

  private static Shape part(List<Integer> dims, int repeat, int drop) {
    int[] out = new int[dims.size() - drop];
    for (int i = drop; i < dims.size(); i++) {
      out[i - drop] = (repeat >> i & 1) == 0 ? dims.get(i) : 1;
    }
    return Shape.of(out);
  }

  /** Large enough for several threads, along rows and across them. */
  @Test
  void large() {
    for (Binary f : List.of(Binary.ADD, Binary.SUB, Binary.MUL, Binary.DIV)) {
      OpContract.check(of(f, Shape.of(100_003), Shape.of(100_003)), 1);
      OpContract.check(of(f, Shape.of(311, 301), Shape.of(301)), 2);
      OpContract.check(of(f, Shape.of(301, 1), Shape.of(301, 257)), 3);
      OpContract.check(of(f, Shape.of(2, 3, 19, 700), Shape.of(3, 1, 1)), 4);
      OpContract.check(of(f, Shape.of(90_001), Shape.SCALAR), 5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void specialValues(Binary f) {
    int n = 17 * 17;
    float[] a = SpecialValues.repeated(n);
    float[] b = new float[n];
    for (int i = 0; i < n; i++) {
      b[i] = a[i / 17];
    }
    OpCase same = of(f, Shape.of(n), Shape.of(n));
    OpCase across = of(f, Shape.of(17, 17), Shape.of(17, 1));
    float[] column = SpecialValues.repeated(17);
    if (f == Binary.MIN || f == Binary.MAX) {
      same = same.constant(0).constant(1);
      across = across.constant(0).constant(1);
    }
    OpContract.sameBits(same, new float[][] {a, b}, 1);
    OpContract.sameBits(across, new float[][] {a, column}, 2);
  }

  @Test
  void smallerAndLarger() {
    for (Binary f : List.of(Binary.MIN, Binary.MAX)) {
      OpContract.check(of(f, Shape.of(5, 77), Shape.of(77)).constant(0).constant(1), 1);
      Tensor a = Tensor.of(Shape.of(3), Float.NaN, 1, 2);
      Tensor b = Tensor.of(Shape.of(3), 1, Float.NaN, 3);
      float[] y = Tape.apply(new BinaryOp(f), a, b).toArray();
      assertTrue(Float.isNaN(y[0]) && Float.isNaN(y[1]));
      try (Tape tape = Tape.open()) {
        Tensor leaf = a.asParameter();
        assertThrows(ShapeException.class, () -> Tape.apply(new BinaryOp(f), leaf, b));
      }
    }
  }

  @Test
  void shapeErrorNamesBoth() {
    Tensor a = Tensor.zeros(Shape.of(2, 3));
    Tensor b = Tensor.zeros(Shape.of(2, 4));
    String text =
        assertThrows(ShapeException.class, () -> Tape.apply(new BinaryOp(Binary.MUL), a, b))
            .getMessage();
    assertEquals("[mul] shapes do not broadcast: a=[2,3] b=[2,4]", text);
  }

  private static OpCase of(Binary f, Shape a, Shape b) {
    Shape out = Shape.broadcast("test", a, b);
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[out.size()];
          for (int i = 0; i < y.length; i++) {
            double l = in[0][source(i, out, a)];
            double r = in[1][source(i, out, b)];
            y[i] =
                switch (f) {
                  case ADD -> l + r;
                  case SUB -> l - r;
                  case MUL -> l * r;
                  case DIV -> l / r;
                  case MIN -> Math.min(l, r);
                  case MAX -> Math.max(l, r);
                };
          }
          return y;
        };
    return OpCase.of(new BinaryOp(f), oracle, a, b).range(1, 0.5, 2).tolerance(2e-5);
  }

  /** Where the element of a repeated operand lies that belongs to element i of the result. */
  private static int source(int i, Shape out, Shape operand) {
    int rest = i;
    int index = 0;
    int stride = 1;
    for (int d = 1; d <= operand.rank(); d++) {
      int extent = operand.dim(-d);
      index += extent == 1 ? 0 : rest % out.dim(-d) * stride;
      rest /= out.dim(-d);
      stride *= extent;
    }
    return index;
  }
}
