package engine.op;

import static engine.op.layout.Layout.expand;
import static engine.op.layout.Layout.flip;
import static engine.op.layout.Layout.gather;
import static engine.op.layout.Layout.pad;
import static engine.op.layout.Layout.replicate;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.op.layout.Expand;
import engine.op.layout.Gather;
import engine.op.layout.Pad;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GatherTest {
  @Property(tries = 20)
  void picksRows(
      @ForAll @IntRange(min = 1, max = 3) int outer,
      @ForAll @IntRange(min = 1, max = 9) int in,
      @ForAll @IntRange(min = 1, max = 23) int out,
      @ForAll @IntRange(min = 1, max = 37) int inner,
      @ForAll long seed) {
    int[] index = new int[out];
    for (int j = 0; j < out; j++) {
      index[j] = (int) Math.floorMod(SplitMix.at(seed, j), (long) in);
    }
    check(outer, in, inner, index, seed);
  }

  @Property(tries = 10)
  void permutes(
      @ForAll @IntRange(min = 1, max = 3) int outer,
      @ForAll @IntRange(min = 1, max = 19) int n,
      @ForAll @IntRange(min = 1, max = 33) int inner,
      @ForAll long seed) {
    int[] index = new int[n];
    for (int j = 0; j < n; j++) {
      int swap = (int) Math.floorMod(SplitMix.at(seed, j), j + 1L);
      index[j] = index[swap];
      index[swap] = j;
    }
    check(outer, n, inner, index, seed);
  }

  private static void check(int outer, int in, int inner, int[] index, long seed) {
    OpCase.Oracle oracle =
        v -> {
          double[] y = new double[outer * index.length * inner];
          for (int i = 0; i < y.length; i++) {
            int o = i / (index.length * inner);
            int row = index[i / inner % index.length];
            y[i] = v[0][(o * in + row) * inner + i % inner];
          }
          return y;
        };
    OpContract.check(
        OpCase.of(new Gather(1, index), oracle, Shape.of(outer, in, inner)).tolerance(1e-6), seed);
  }

  @Property(tries = 15)
  void padsWithZeros(
      @ForAll @IntRange(min = 1, max = 3) int outer,
      @ForAll @IntRange(min = 0, max = 5) int n,
      @ForAll @IntRange(min = 1, max = 19) int inner,
      @ForAll @IntRange(min = 0, max = 3) int before,
      @ForAll @IntRange(min = 0, max = 3) int after,
      @ForAll long seed) {
    int wide = before + n + after;
    OpCase.Oracle oracle =
        v -> {
          double[] y = new double[outer * wide * inner];
          for (int i = 0; i < y.length; i++) {
            int j = i / inner % wide - before;
            int o = i / (wide * inner);
            y[i] = j >= 0 && j < n ? v[0][(o * n + j) * inner + i % inner] : 0;
          }
          return y;
        };
    OpContract.check(OpCase.of(new Pad(1, before, after), oracle, Shape.of(outer, n, inner)), seed);
  }

  @Property(tries = 15)
  void expands(
      @ForAll @IntRange(min = 1, max = 4) int outer,
      @ForAll @IntRange(min = 1, max = 9) int n,
      @ForAll @IntRange(min = 1, max = 19) int inner,
      @ForAll long seed) {
    OpCase.Oracle oracle =
        v -> {
          double[] y = new double[outer * n * inner];
          for (int i = 0; i < y.length; i++) {
            y[i] = v[0][i / (n * inner) * inner + i % inner];
          }
          return y;
        };
    OpContract.check(OpCase.of(new Expand(1, n), oracle, Shape.of(outer, 1, inner)), seed);
  }

  @Test
  void specialValuesAreCopiedAndSummedAlikeEverywhere() {
    float[] x = {
      Float.NaN, -0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE, -1e-40f
    };
    OpCase rows = OpCase.of(new Gather(0, new int[] {1, 1, 0, 1}), v -> null, Shape.of(2, 3));
    OpContract.sameBits(rows, new float[][] {x}, 1);
    Tensor y = gather(Tensor.of(Shape.of(6), x), 0, 1, 5, 1);
    assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(y.toArray()[0]));
    assertEquals(-1e-40f, y.toArray()[1]);
  }

  @Test
  void flipsAndReplicates() {
    Tensor x = Tensor.of(Shape.of(1, 3), 1, 2, 3);
    assertArrayEquals(new float[] {3, 2, 1}, flip(x, 1).toArray());
    assertArrayEquals(new float[] {1, 1, 1, 2, 3, 3}, replicate(x, -1, 2, 1).toArray());
    assertArrayEquals(new float[] {1, 1, 2, 3}, replicate(x, 1, 1, 0).toArray());
    assertArrayEquals(new float[] {0, 1, 2, 3, 0, 0}, pad(x, 1, 1, 2).toArray());
    assertArrayEquals(new float[] {1, 2, 3, 1, 2, 3}, expand(x, 0, 2).toArray());
  }

  /** (1e8 + 1) - 1e8 is 0 in floats; were the 1 added last, the sum would be 1. */
  @Test
  void usesAreSummedInAscendingOutputOrder() {
    Tensor x = Tensor.of(Shape.of(1), 1f).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor y = replicate(x, 0, 1, 1);
      Tensor g = Tensor.of(Shape.of(3), 1e8f, 1f, -1e8f);
      float sum = tape.backward(List.of(y), List.of(g)).of(x).item();
      assertEquals(0f, sum);
    }
  }

  @Test
  void emptyAxesAndIndexLists() {
    assertEquals(Shape.of(2, 0), gather(Tensor.zeros(Shape.of(2, 3)), 1).shape());
    assertEquals(Shape.of(2, 0), flip(Tensor.zeros(Shape.of(2, 0)), 1).shape());
    assertEquals(Shape.of(2, 4), pad(Tensor.zeros(Shape.of(2, 0)), 1, 1, 3).shape());
    Tensor x = Tensor.zeros(Shape.of(2, 1)).asParameter();
    try (Tape tape = Tape.open()) {
      Tensor none = gather(x, 1);
      assertArrayEquals(new float[2], tape.backward(List.of(none), List.of(none)).of(x).toArray());
    }
  }

  @Test
  void errorsNameShapesAndTheWrongIndex() {
    Tensor x = Tensor.zeros(Shape.of(2, 3));
    ShapeException e = assertThrows(ShapeException.class, () -> gather(x, 1, 0, 3));
    assertEquals("[gather] index[1] = 3 is outside axis 1 of x=[2,3]", e.getMessage());
    assertThrows(ShapeException.class, () -> gather(x, 1, -1));
    assertThrows(ShapeException.class, () -> pad(x, 1, -1, 0));
    assertThrows(ShapeException.class, () -> replicate(Tensor.zeros(Shape.of(0)), 0, 1, 0));
    ShapeException wide = assertThrows(ShapeException.class, () -> expand(x, 1, 4));
    assertTrue(wide.getMessage().contains("[2,3]"), wide.getMessage());
  }
}
