package engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.layout.Concat;
import engine.op.layout.Layout;
import engine.op.layout.Permute;
import engine.op.layout.Reshape;
import engine.op.layout.Slice;
import engine.op.reduce.Reduce;
import engine.op.reduce.Sum;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private static int[] unflatten(int index, Shape shape) {
    int[] at = new int[shape.rank()];
    int rest = index;
    for (int d = at.length - 1; d >= 0; d--) {
      at[d] = rest % shape.dim(d);
      rest /= shape.dim(d);
    }
    return at;
  }

  private static int flatten(int[] at, Shape shape) {
    int index = 0;
    for (int d = 0; d < at.length; d++) {
      index = index * shape.dim(d) + at[d];
    }
    return index;
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(i -> i).toArray();
  }

  @Property(tries = 40)
  void permuteAnyRank(
      @ForAll @Size(min = 0, max = 6) List<@IntRange(min = 0, max = 6) Integer> dims,
      @ForAll long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    OpContract.check(permute(Shape.of(ints(dims)), order), seed);
  }

  /** Transpositions across tiles, of one plane and of many, wide and narrow. */
  @Test
  void permuteInTiles() {
    OpContract.check(permute(Shape.of(67, 129), List.of(1, 0)), 1);
    OpContract.check(permute(Shape.of(3, 33, 70), List.of(0, 2, 1)), 2);
    OpContract.check(permute(Shape.of(33, 3, 70), List.of(2, 1, 0)), 3);
    OpContract.check(permute(Shape.of(2, 40, 3, 50), List.of(3, 0, 2, 1)), 4);
    OpContract.check(permute(Shape.of(1000, 2), List.of(1, 0)), 5);
    OpContract.check(permute(Shape.of(2, 5000), List.of(1, 0)), 6);
    OpContract.check(permute(Shape.of(4, 64, 5, 48), List.of(0, 2, 1, 3)), 7);
    OpContract.check(permute(Shape.of(512, 300), List.of(1, 0)), 8);
  }

  private static OpCase permute(Shape x, List<Integer> order) {
    Shape shape = Shape.of(order.stream().mapToInt(x::dim).toArray());
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[x.size()];
          for (int i = 0; i < y.length; i++) {
            int[] at = unflatten(i, x);
            y[flatten(order.stream().mapToInt(axis -> at[axis]).toArray(), shape)] = in[0][i];
          }
          return y;
        };
    return OpCase.of(new Permute(order), oracle, x);
  }

  @Property(tries = 25)
  void slice(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 9) Integer> dims,
      @ForAll @IntRange(min = 0, max = 1000) int pick,
      @ForAll long seed) {
    Shape x = Shape.of(ints(dims));
    int axis = pick % x.rank();
    int from = pick / 7 % (x.dim(axis) + 1);
    int to = from + pick / 3 % (x.dim(axis) - from + 1);
    OpContract.check(slice(x, axis, from, to), seed);
  }

  private static OpCase slice(Shape x, int axis, int from, int to) {
    Shape part = x.with(axis, to - from);
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[part.size()];
          for (int i = 0; i < y.length; i++) {
            int[] at = unflatten(i, part);
            at[axis] += from;
            y[i] = in[0][flatten(at, x)];
          }
          return y;
        };
    return OpCase.of(new Slice(axis, from, to), oracle, x);
  }

  @Property(tries = 25)
  void concat(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 7) Integer> dims,
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 5) Integer> extents,
      @ForAll @IntRange(min = 0, max = 3) int where,
      @ForAll long seed) {
    Shape base = Shape.of(ints(dims));
    int axis = where % base.rank();
    Shape[] shapes = extents.stream().map(e -> base.with(axis, e)).toArray(Shape[]::new);
    Shape whole = base.with(axis, extents.stream().mapToInt(e -> e).sum());
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[whole.size()];
          int start = 0;
          for (int p = 0; p < in.length; p++) {
            for (int i = 0; i < in[p].length; i++) {
              int[] at = unflatten(i, shapes[p]);
              at[axis] += start;
              y[flatten(at, whole)] = in[p][i];
            }
            start += shapes[p].dim(axis);
          }
          return y;
        };
    OpContract.check(OpCase.of(new Concat(axis), oracle, shapes), seed);
  }

  @Property(tries = 15)
  void reshape(
      @ForAll @IntRange(min = 0, max = 6) int a,
      @ForAll @IntRange(min = 1, max = 6) int b,
      @ForAll @IntRange(min = 1, max = 6) int c,
      @ForAll long seed) {
    OpCase.Oracle oracle = in -> in[0].clone();
    OpContract.check(OpCase.of(new Reshape(Shape.of(c, a * b)), oracle, Shape.of(a, b, c)), seed);
  }

  /** Every range of axes, the empty ones included, which sum one element each. */
  @Property(tries = 12)
  void sumOverAnyAxes(
      @ForAll @Size(min = 0, max = 5) List<@IntRange(min = 0, max = 6) Integer> dims,
      @ForAll boolean keep,
      @ForAll long seed) {
    Shape x = Shape.of(ints(dims));
    for (int from = 0; from <= x.rank(); from++) {
      for (int to = from; to <= x.rank(); to++) {
        OpContract.check(sum(x, from, to, keep), seed);
      }
    }
  }

  private static OpCase sum(Shape x, int from, int to, boolean keep) {
    int r = x.size(from, to);
    int inner = x.size(to, x.rank());
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[x.size(0, from) * inner];
          for (int i = 0; i < x.size(); i++) {
            y[i / (r * inner) * inner + i % inner] += in[0][i];
          }
          return y;
        };
    return OpCase.of(new Sum(from, to, keep), oracle, x).tolerance(1e-4);
  }

  @Test
  void facades() {
    Tensor x = Tensor.generate(Shape.of(2, 6), i -> i);
    assertEquals(Shape.of(3, 4), Layout.reshape(x, 3, -1).shape());
    assertEquals(Shape.of(2, 2), Layout.slice(x, -1, 1, 3).shape());
    Tensor[] parts = Layout.split(x, 1, 1, 2, 3);
    assertArrayEquals(new float[] {1, 2, 7, 8}, parts[1].toArray());
    assertArrayEquals(x.toArray(), Layout.concat(1, parts).toArray());
    assertArrayEquals(new float[] {2.5f, 8.5f}, Reduce.mean(x, 1, 2).toArray());
    assertEquals(66f, Reduce.sum(x).item());
  }

  @Test
  void shapeErrorsNameWhatIsWrong() {
    Tensor x = Tensor.zeros(Shape.of(2, 6));
    says("[reshape] x=[2,6] does not fit [5]", () -> Layout.reshape(x, 5));
    says("[reshape]", () -> Layout.reshape(x, 5, -1));
    says("[permute] order [0, 0] does not permute x=[2,6]", () -> Layout.permute(x, 0, 0));
    says("[permute]", () -> Layout.permute(x, 0));
    says("[slice] [2,9) of axis 1 of x=[2,6]", () -> Layout.slice(x, 1, 2, 9));
    says("[shape] axis 2 is outside [2,6]", () -> Layout.slice(x, 2, 0, 1));
    says(
        "[concat] shapes differ beside axis 0: [[2,6], [2,5]]",
        () -> Layout.concat(0, x, Tensor.zeros(Shape.of(2, 5))));
    says("[split] extents [1, 2] do not add up", () -> Layout.split(x, 1, 1, 2));
    says("[sum] axes [1,3) of x=[2,6]", () -> Reduce.sum(x, 1, 3));
  }

  private static void says(String start, org.junit.jupiter.api.function.Executable body) {
    String text = assertThrows(ShapeException.class, body).getMessage();
    assertTrue(text.startsWith(start), text);
  }

  @Test
  void mergingLosesNothing() {
    assertTrue(Arrays.equals(new int[] {24}, merged(2, 3, 4)));
    assertTrue(Arrays.equals(new int[] {1}, merged(1, 1)));
    assertTrue(Arrays.equals(new int[] {1}, merged()));
  }

  private static int[] merged(int... dims) {
    Shape s = Shape.of(dims);
    return engine.kernel.CopyArgs.merged(dims, 0, s.strides(), 0, s.strides()).extents();
  }
}
