package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.ReduceArgs;
import engine.kernel.ReduceKernels;
import engine.kernel.Workers;
import engine.numeric.NumericContract;
import engine.tensor.Storage;

/**
 * Sums in the order of N5. For inner = 1: blocks of 4096, in each 16 logical lanes (element i to
 * lane i mod 16) joined by a tree; block sums by the same rule. For inner > 1: a chain over r per
 * output in blocks of 512; block sums by the same rule.
 */
public class ScalarReduce implements ReduceKernels {
  public static final int BLOCK = NumericContract.SUM_BLOCK;
  public static final int LANES = NumericContract.SUM_LANES;
  public static final int CHAIN = NumericContract.SUM_CHAIN;
  private static final int GRAIN = 8192;

  private final Workers workers;

  public ScalarReduce(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void sum(ReduceArgs args, Storage x, Storage y) {
    sum(workers, args, readOnly(x), array(y));
  }

  @Override
  public void max(ReduceArgs args, Storage x, Storage y) {
    float[] in = readOnly(x);
    float[] out = array(y);
    int grain = Math.max(1, GRAIN / Math.max(1, args.r() * args.inner()));
    workers.ranges(
        args.outer(),
        grain,
        (from, to) -> {
          for (int o = from; o < to; o++) {
            max(args, o, 0, args.inner(), in, out);
          }
        });
  }

  @Override
  public void sumSquares(Storage x, int n, Storage sums, int at) {
    float[] in = readOnly(x);
    int blocks = (n + BLOCK - 1) / BLOCK;
    float[] parts = new float[blocks];
    workers.ranges(blocks, 4, (from, to) -> squareBlocks(in, n, parts, from, to));
    array(sums)[at] = sum(parts, 0, blocks);
  }

  static void sum(Workers workers, ReduceArgs args, float[] x, float[] y) {
    if (args.inner() == 1) {
      workers.ranges(
          args.outer(),
          Math.max(1, GRAIN / Math.max(1, args.r())),
          (from, to) -> {
            for (int o = from; o < to; o++) {
              y[o] = sum(x, o * args.r(), args.r());
            }
          });
    } else {
      int grain = Math.max(1, GRAIN / Math.max(1, args.r() * args.inner()));
      workers.ranges(
          args.outer(),
          grain,
          (from, to) -> {
            for (int o = from; o < to; o++) {
              chains(x, o * args.r() * args.inner(), args.r(), args.inner(), y, o * args.inner());
            }
          });
    }
  }

  /** The sum of x[from, from + n), by blocks, lanes and tree. */
  public static float sum(float[] x, int from, int n) {
    if (n <= BLOCK) {
      return blockSum(x, from, n);
    }
    int blocks = (n + BLOCK - 1) / BLOCK;
    float[] sums = new float[blocks];
    for (int b = 0; b < blocks; b++) {
      sums[b] = blockSum(x, from + b * BLOCK, Math.min(BLOCK, n - b * BLOCK));
    }
    return sum(sums, 0, blocks);
  }

  private static void squareBlocks(float[] x, int n, float[] sums, int from, int to) {
    for (int b = from; b < to; b++) {
      float[] lane = new float[LANES];
      int start = b * BLOCK;
      int count = Math.min(BLOCK, n - start);
      for (int i = 0; i < count; i++) {
        lane[i % LANES] += x[start + i] * x[start + i];
      }
      sums[b] = join(lane);
    }
  }

  private static float blockSum(float[] x, int from, int n) {
    float[] lane = new float[LANES];
    for (int i = 0; i < n; i++) {
      lane[i % LANES] += x[from + i];
    }
    return join(lane);
  }

  /** The tree over 16 lanes: l[i] += l[i+8], then +4, +2, +1. */
  public static float join(float[] lane) {
    for (int half = LANES / 2; half >= 1; half /= 2) {
      for (int i = 0; i < half; i++) {
        lane[i] += lane[i + half];
      }
    }
    return lane[0];
  }

  /**
   * y[to + i] = sum over r of x[from + r * inner + i], by chains of 512, then chains of their sums.
   */
  static void chains(float[] x, int from, int r, int inner, float[] y, int to) {
    if (r <= CHAIN) {
      chain(x, from, r, inner, y, to);
      return;
    }
    int blocks = (r + CHAIN - 1) / CHAIN;
    float[] sums = new float[blocks * inner];
    for (int b = 0; b < blocks; b++) {
      int rows = Math.min(CHAIN, r - b * CHAIN);
      chain(x, from + b * CHAIN * inner, rows, inner, sums, b * inner);
    }
    chains(sums, 0, blocks, inner, y, to);
  }

  private static void chain(float[] x, int from, int r, int inner, float[] y, int to) {
    java.util.Arrays.fill(y, to, to + inner, 0f);
    for (int k = 0; k < r; k++) {
      for (int i = 0; i < inner; i++) {
        y[to + i] += x[from + k * inner + i];
      }
    }
  }

  /** Columns [from, to) of plane o. */
  public static void max(ReduceArgs args, int o, int from, int to, float[] x, float[] y) {
    int inner = args.inner();
    int plane = o * args.r() * inner;
    for (int i = from; i < to; i++) {
      float m = x[plane + i];
      for (int k = 1; k < args.r(); k++) {
        float v = x[plane + k * inner + i];
        m = Float.isNaN(m) || m > v ? m : v;
      }
      // -0 + 0 is +0, so that it does not show which of two equal zeros came first.
      y[o * inner + i] = m + 0f;
    }
  }
}
