package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.MatmulArgs;
import engine.kernel.MatmulKernels;
import engine.kernel.Workers;
import engine.numeric.NumericContract;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * The matrix product in the order of N1: per output, segments of 512 along k, each one chain of fma
 * from +0 with k ascending; segment sums added ascending; bias last. The column of the output is
 * innermost, so that the loop vectorises across outputs.
 */
public class ScalarMatmul implements MatmulKernels {
  /** The segment of k of N1. */
  static final int SEGMENT = NumericContract.SEGMENT;

  /** Rows of C computed together, which share the reading of B. */
  private static final int ROWS = 8;

  private static final int GRAIN = 1 << 15;

  private final Workers workers;

  public ScalarMatmul(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void multiply(MatmulArgs args, Storage a, Storage b, Storage bias, Storage c) {
    float[] straight = args.transB() ? turned(workers, args, readOnly(b)) : readOnly(b);
    new Product(args, readOnly(a), straight, readOnlyOrNull(bias), array(c)).run(workers);
  }

  /** B stored [n,k] as [k,n], for the sake of an innermost loop over n. */
  private static float[] turned(Workers workers, MatmulArgs s, float[] b) {
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

  /** One call's operands. */
  private static final class Product {
    private final MatmulArgs s;
    private final float[] a;
    private final float[] b;
    private final float[] bias;
    private final float[] c;

    Product(MatmulArgs args, float[] a, float[] b, float[] bias, float[] c) {
      this.s = args;
      this.a = a;
      this.b = b;
      this.bias = bias;
      this.c = c;
    }

    private void run(Workers workers) {
      int groups = (s.m() + ROWS - 1) / ROWS;
      workers.ranges(
          s.batch() * groups,
          (int) Math.max(1, GRAIN / Math.max(1, (long) ROWS * s.n() * s.k())),
          (from, to) -> {
            float[][] sums = new float[ROWS][s.n()];
            float[] line = new float[s.n()];
            for (int task = from; task < to; task++) {
              int first = task % groups * ROWS;
              rows(task / groups, first, Math.min(ROWS, s.m() - first), sums, line);
            }
          });
    }

    /**
     * Some rows of C.
     *
     * @param line room for one row of B
     */
    private void rows(int batch, int first, int count, float[][] sums, float[] line) {
      int to = (batch * s.m() + first) * s.n();
      Arrays.fill(c, to, to + count * s.n(), 0f);
      for (int k0 = 0; k0 < s.k(); k0 += SEGMENT) {
        segment(batch, first, count, k0, Math.min(s.k(), k0 + SEGMENT), sums, line);
        for (int r = 0; r < count; r++) {
          if (k0 == 0) {
            System.arraycopy(sums[r], 0, c, to + r * s.n(), s.n());
          } else {
            add(sums[r], c, to + r * s.n());
          }
        }
      }
      for (int r = 0; bias != null && r < count; r++) {
        add(bias, c, to + r * s.n());
      }
    }

    private void segment(
        int batch, int first, int count, int k0, int k1, float[][] sums, float[] line) {
      for (float[] sum : sums) {
        Arrays.fill(sum, 0f);
      }
      int startB = s.strideB() == 0 ? 0 : batch * s.k() * s.n();
      for (int p = k0; p < k1; p++) {
        System.arraycopy(b, startB + p * s.n(), line, 0, s.n());
        for (int r = 0; r < count; r++) {
          int i = first + r;
          int at = batch * s.strideA() + (s.transA() ? p * s.m() + i : i * s.k() + p);
          chain(a[at], line, sums[r]);
        }
      }
    }

    /**
     * One index for both arrays: with different offsets the compiler fears that they overlap and
     * does not vectorise, which costs a factor of seven.
     */
    private static void chain(float factor, float[] line, float[] sum) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] = Math.fma(factor, line[j], sum[j]);
      }
    }

    private static void add(float[] x, float[] c, int to) {
      for (int j = 0; j < x.length; j++) {
        c[to + j] += x[j];
      }
    }
  }
}
