package engine.kernel.scalar;

import engine.kernel.MatmulArgs;
import engine.kernel.Workers;
import java.util.Arrays;

/**
 * The matrix product in the order of N1: per output, segments of 512 along k, each one chain of fma
 * from +0 with k ascending; segment sums added ascending; bias last. A row of outputs is computed
 * at a time with the column innermost, so that the loop vectorises across outputs.
 */
public final class ScalarMatmul {
  /** The segment of k of N1. */
  public static final int SEGMENT = 512;

  private static final int GRAIN = 1 << 15;

  private ScalarMatmul() {}

  static void matmul(
      Workers workers, MatmulArgs args, float[] a, float[] b, float[] bias, float[] c) {
    if (args.transB()) {
      float[] turned = transposed(workers, args, b);
      multiply(workers, args, a, turned, bias, c);
    } else {
      multiply(workers, args, a, b, bias, c);
    }
  }

  /** B as [k,n], for the sake of an innermost loop over n. */
  private static float[] transposed(Workers workers, MatmulArgs s, float[] b) {
    int matrices = s.strideB() == 0 ? 1 : s.batch();
    float[] turned = new float[matrices * s.k() * s.n()];
    workers.ranges(
        matrices * s.k(),
        Math.max(1, GRAIN / Math.max(1, s.n())),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int start = row / s.k() * s.strideB() + row % s.k();
            for (int j = 0; j < s.n(); j++) {
              turned[row * s.n() + j] = b[start + j * s.k()];
            }
          }
        });
    return turned;
  }

  private static void multiply(
      Workers workers, MatmulArgs s, float[] a, float[] b, float[] bias, float[] c) {
    int stepA = s.transA() ? s.m() : 1;
    workers.ranges(
        s.batch() * s.m(),
        (int) Math.max(1, GRAIN / Math.max(1, (long) s.n() * s.k())),
        (from, to) -> {
          float[] sum = new float[s.n()];
          for (int row = from; row < to; row++) {
            int batch = row / s.m();
            int i = row % s.m();
            int startA = batch * s.strideA() + (s.transA() ? i : i * s.k());
            int startB = s.strideB() == 0 ? 0 : batch * s.k() * s.n();
            row(s, a, startA, stepA, b, startB, sum, c, row * s.n());
            if (bias != null) {
              add(bias, 0, c, row * s.n(), s.n());
            }
          }
        });
  }

  /** One row of C without bias. */
  private static void row(
      MatmulArgs s,
      float[] a,
      int startA,
      int stepA,
      float[] b,
      int startB,
      float[] sum,
      float[] c,
      int to) {
    Arrays.fill(c, to, to + s.n(), 0f);
    for (int k0 = 0; k0 < s.k(); k0 += SEGMENT) {
      int k1 = Math.min(s.k(), k0 + SEGMENT);
      Arrays.fill(sum, 0f);
      for (int p = k0; p < k1; p++) {
        chain(a[startA + p * stepA], b, startB + p * s.n(), sum, s.n());
      }
      if (k0 == 0) {
        System.arraycopy(sum, 0, c, to, s.n());
      } else {
        add(sum, 0, c, to, s.n());
      }
    }
  }

  private static void chain(float factor, float[] b, int from, float[] sum, int n) {
    for (int j = 0; j < n; j++) {
      sum[j] = Math.fma(factor, b[from + j], sum[j]);
    }
  }

  private static void add(float[] x, int from, float[] c, int to, int n) {
    for (int j = 0; j < n; j++) {
      c[to + j] += x[from + j];
    }
  }
}
