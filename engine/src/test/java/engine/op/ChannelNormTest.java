package engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.op.norm.BatchNorm;
import engine.op.norm.BatchStatistics;
import engine.op.norm.GroupNorm;
import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.OpCase;
import engine.testing.OpContract;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Group norm and batch norm. */
class ChannelNormTest {
  /** Of the size of the variance, so that runs of two elements have gradients to speak of. */
  private static final float EPS = 0.1f;

  @Property(tries = 25)
  void groups(
      @ForAll @IntRange(min = 0, max = 3) int n,
      @ForAll @IntRange(min = 1, max = 4) int groups,
      @ForAll @IntRange(min = 1, max = 4) int each,
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll long seed) {
    OpContract.check(groupNorm(n, groups * each, size, groups), seed);
  }

  @Property(tries = 25)
  void batches(
      @ForAll @IntRange(min = 2, max = 4) int n,
      @ForAll @IntRange(min = 1, max = 5) int channels,
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll boolean training,
      @ForAll long seed) {
    OpContract.check(batchNorm(n, channels, size, training), seed);
  }

  /** Planes and groups of more than one block of N5, and more planes than a chain holds. */
  @Example
  void blocks() {
    OpContract.check(groupNorm(1, 4, 4100, 2).tolerance(1e-4), 1);
    OpContract.check(groupNorm(2, 6, 1000, 1).tolerance(1e-4), 2);
    OpContract.check(groupNorm(515, 2, 1, 1), 3);
    OpContract.check(batchNorm(2, 2, 4100, true).tolerance(1e-4), 4);
    OpContract.check(batchNorm(515, 3, 2, true), 5);
  }

  @Example
  void specialValues() {
    float[] x = new float[2 * 6 * 21];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          switch (i / 42) {
            case 0 -> -0f;
            case 1 -> Float.MIN_VALUE * i;
            case 2 -> 3e38f;
            case 3 -> i == 130 ? Float.NaN : i;
            case 4 -> i == 180 ? Float.POSITIVE_INFINITY : i;
            default -> i * 1e-20f;
          };
    }
    float[] w = {1, -1, 2, 0, 0.5f, 3};
    float[] b = {0, 1, -0f, 2, 1, 1};
    OpContract.sameBits(groupNorm(2, 6, 21, 3), new float[][] {x, w, b}, 1);
    OpContract.sameBits(batchNorm(2, 6, 21, true), new float[][] {x, w, b}, 2);
  }

  /** With the statistics at hand the same bits; they move running ones as PyTorch does. */
  @Example
  void statistics() {
    Tensor x = Tensor.of(Shape.of(2, 1, 2), 1, 2, 3, 6);
    BatchStatistics s = BatchStatistics.of(x);
    assertEquals(3f, s.mean().item());
    assertEquals(3.5f, s.variance().item());
    Tensor one = Tensor.of(Shape.of(1), 1.5f);
    Bits.assertEqual(
        Norm.batchNormTraining(x, one, one, EPS).toArray(),
        Norm.batchNormTraining(x, one, one, s, EPS).toArray(),
        "given statistics");
    Tensor mean = Tensor.of(Shape.of(1), 1f);
    Tensor variance = Tensor.of(Shape.of(1), 2f);
    s.updateRunning(mean, variance, 0.1);
    assertArrayEquals(new float[] {0.9f + 0.3f}, mean.toArray(), 1e-6f);
    assertArrayEquals(new float[] {1.8f + 0.1f * 14 / 3}, variance.toArray(), 1e-6f);
  }

  @Example
  void errors() {
    Tensor x = Tensor.zeros(Shape.of(1, 6, 4));
    Tensor w = Tensor.zeros(Shape.of(6));
    assertEquals(
        "[groupNorm] 6 channels do not split into 4 groups: x=[1,6,4]",
        assertThrows(ShapeException.class, () -> Norm.groupNorm(x, 4, w, w, EPS)).getMessage());
    Tensor five = Tensor.zeros(Shape.of(5));
    assertEquals(
        "[batchNorm] variance wants one element per channel, [6]: x=[1,6,4] variance=[5]",
        assertThrows(ShapeException.class, () -> Norm.batchNorm(x, w, w, w, five, EPS))
            .getMessage());
    assertThrows(ShapeException.class, () -> Norm.groupNorm(w, 1, w, w, EPS));
    Tensor single = Tensor.zeros(Shape.of(1, 6));
    assertThrows(ShapeException.class, () -> Norm.batchNormTraining(single, w, w, EPS));
  }

  private static OpCase groupNorm(int n, int channels, int size, int groups) {
    int each = channels / groups;
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[n * channels * size];
          for (int run = 0; run < n * groups; run++) {
            int[] at = new int[each * size];
            for (int i = 0; i < at.length; i++) {
              at[i] = run * each * size + i;
            }
            normalise(in, at, channels, size, y);
          }
          return y;
        };
    Shape c = Shape.of(channels);
    return OpCase.of(new GroupNorm(groups, EPS), oracle, Shape.of(n, channels, size), c, c);
  }

  private static OpCase batchNorm(int n, int channels, int size, boolean training) {
    OpCase.Oracle oracle =
        in -> {
          double[] y = new double[n * channels * size];
          for (int c = 0; c < channels; c++) {
            int[] at = new int[n * size];
            for (int i = 0; i < at.length; i++) {
              at[i] = (i / size * channels + c) * size + i % size;
            }
            if (training) {
              normalise(in, at, channels, size, y);
            } else {
              affine(in, at, channels, size, in[3][c], in[4][c], y);
            }
          }
          return y;
        };
    Shape x = Shape.of(n, channels, size);
    Shape c = Shape.of(channels);
    BatchNorm op = new BatchNorm(EPS, training);
    return training
        ? OpCase.of(op, oracle, x, c, c)
        : OpCase.of(op, oracle, x, c, c, c, c).range(4, 0.5, 2).constant(3).constant(4);
  }

  private static void normalise(double[][] in, int[] at, int channels, int size, double[] y) {
    double mean = 0;
    double var = 0;
    for (int i : at) {
      mean += in[0][i] / at.length;
    }
    for (int i : at) {
      var += Math.pow(in[0][i] - mean, 2) / at.length;
    }
    affine(in, at, channels, size, mean, var, y);
  }

  private static void affine(
      double[][] in, int[] at, int channels, int size, double mean, double var, double[] y) {
    for (int i : at) {
      int c = i / size % channels;
      y[i] = (in[0][i] - mean) / Math.sqrt(var + EPS) * in[1][c] + in[2][c];
    }
  }
}
