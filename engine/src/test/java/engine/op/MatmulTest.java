package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.op.linalg.Matmul;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatmulTest {
  /** How the batch is laid out: both operands batched, or one of them of rank 2. */
  enum Batch {
    NONE,
    BOTH,
    A_REPEATED,
    B_REPEATED
  }

  @Property(tries = 40)
  void smallProducts(
      @ForAll @IntRange(min = 0, max = 3) int batch,
      @ForAll @IntRange(min = 0, max = 27) int m,
      @ForAll @IntRange(min = 0, max = 35) int n,
      @ForAll @IntRange(min = 0, max = 19) int k,
      @ForAll boolean transA,
      @ForAll boolean transB,
      @ForAll Batch kind,
      @ForAll long seed) {
    OpContract.check(product(kind, batch, m, n, k, transA, transB), seed);
  }

  /** The edges of tiles (2, 6, 12 rows; 8, 16, 32 columns), of blocks, and of N1's segments. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 33, 513",
    "2, 32, 511",
    "6, 31, 512",
    "7, 16, 1025",
    "12, 17, 1024",
    "13, 8, 600",
    "25, 65, 30",
    "3, 193, 40",
    "61, 9, 70"
  })
  void edges(int m, int n, int k) {
    for (int trans = 0; trans < 4; trans++) {
      Matmul op = new Matmul((trans & 1) != 0, (trans & 2) != 0);
      OpContract.sameBits(
          product(Batch.NONE, 1, m, n, k, op.transA(), op.transB()),
          new float[][] {values(m * k, 1), values(k * n, 2)},
          trans);
    }
  }

  /** The value of N1, written out once more, for a sum of several segments. */
  @Test
  void segmentsAreSummedApartAndThenAdded() {
    int k = 1300;
    float[] a = values(k, 5);
    float[] b = values(k, 6);
    float expected = 0;
    for (int from = 0; from < k; from += 512) {
      float segment = 0;
      for (int p = from; p < Math.min(k, from + 512); p++) {
        segment = Math.fma(a[p], b[p], segment);
      }
      expected = from == 0 ? segment : expected + segment;
    }
    for (var kernels : OpContract.everyBackend().values()) {
      float got =
          engine.kernel.Backends.with(
              kernels,
              () ->
                  engine.op.linalg.Linalg.matmul(
                          engine.tensor.Tensor.of(Shape.of(1, k), a),
                          engine.tensor.Tensor.of(Shape.of(k, 1), b))
                      .item());
      assertEquals(expected, got);
    }
  }

  @Property(tries = 15)
  void specialValues(
      @ForAll @IntRange(min = 1, max = 14) int m,
      @ForAll @IntRange(min = 1, max = 35) int n,
      @ForAll @IntRange(min = 1, max = 9) int k,
      @ForAll long seed) {
    OpCase c = product(Batch.NONE, 1, m, n, k, false, false);
    OpContract.sameBits(c, new float[][] {special(m * k, seed), special(k * n, seed + 1)}, seed);
  }

  @Test
  void shapesThatDoNotFit() {
    assertMessage(
        "[matmul] inner dimensions differ, 3 and 4: a=[2,3] b=[4,5]",
        new Matmul(false, false),
        Shape.of(2, 3),
        Shape.of(4, 5));
    assertMessage(
        "[matmul] inner dimensions differ, 2 and 5: a=[2,3]^T b=[4,5]^T",
        new Matmul(true, true),
        Shape.of(2, 3),
        Shape.of(4, 5));
    assertMessage(
        "[matmul] batch axes differ (equal, or one operand of rank 2): a=[2,2,3] b=[3,3,5]",
        new Matmul(false, false),
        Shape.of(2, 2, 3),
        Shape.of(3, 3, 5));
    assertMessage(
        "[matmul] wants matrices, rank >= 2: a=[3] b=[3,5]",
        new Matmul(false, false),
        Shape.of(3),
        Shape.of(3, 5));
  }

  private static void assertMessage(String message, Matmul op, Shape a, Shape b) {
    assertEquals(
        message, assertThrows(ShapeException.class, () -> op.infer(List.of(a, b))).getMessage());
  }

  private static OpCase product(
      Batch kind, int batch, int m, int n, int k, boolean transA, boolean transB) {
    int count = kind == Batch.NONE ? 1 : batch;
    boolean oneA = kind == Batch.NONE || kind == Batch.A_REPEATED;
    boolean oneB = kind == Batch.NONE || kind == Batch.B_REPEATED;
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[count * m * n];
          for (int t = 0; t < count; t++) {
            int atA = oneA ? 0 : t * m * k;
            int atB = oneB ? 0 : t * k * n;
            for (int i = 0; i < m; i++) {
              for (int j = 0; j < n; j++) {
                for (int p = 0; p < k; p++) {
                  y[(t * m + i) * n + j] +=
                      in[0][atA + (transA ? p * m + i : i * k + p)]
                          * in[1][atB + (transB ? j * k + p : p * n + j)];
                }
              }
            }
          }
          return y;
        };
    Shape a = transA ? Shape.of(k, m) : Shape.of(m, k);
    Shape b = transB ? Shape.of(n, k) : Shape.of(k, n);
    return OpCase.of(
        new Matmul(transA, transB), oracle, oneA ? a : with(count, a), oneB ? b : with(count, b));
  }

  private static Shape with(int batch, Shape s) {
    return Shape.of(batch, s.dim(0), s.dim(1));
  }

  static float[] values(int n, long seed) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (2 * SplitMix.unit(seed, i) - 1);
    }
    return x;
  }

  static float[] special(int n, long seed) {
    float[] rare = {
      0f,
      -0f,
      Float.MIN_VALUE,
      -1e-40f,
      1e-30f,
      3e38f,
      -3e38f,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    float[] x = values(n, seed);
    for (int i = 0; i < n; i++) {
      int pick = (int) Math.floorMod(SplitMix.at(seed, i), 40L);
      x[i] = pick < rare.length ? rare[pick] : x[i];
    }
    return x;
  }
}
