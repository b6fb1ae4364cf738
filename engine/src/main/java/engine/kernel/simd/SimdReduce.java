package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.ReduceArgs;
import engine.kernel.ReduceKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarReduce;
import engine.tensor.Storage;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums in the order of N5: the 16 logical lanes of a block live in 4, 2 or 1 vectors of 128, 256 or
 * 512 bits, and the tree that joins them is fixed. Large sums are split among the workers by
 * blocks, whose sums are outputs of their own.
 */
public final class SimdReduce implements ReduceKernels {
  private static final int GRAIN = 16384;
  private static final int LANES = ScalarReduce.LANES;
  private static final int BLOCK = ScalarReduce.BLOCK;
  private static final int CHAIN = ScalarReduce.CHAIN;

  /** Columns that one task of a sum over rows takes: wide enough to read whole cache lines. */
  private static final int COLUMNS = 256;

  private final Workers workers;

  SimdReduce(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void sum(ReduceArgs args, Storage x, Storage y) {
    if (args.inner() == 1) {
      runs(workers, args.outer(), args.r(), readOnly(x), array(y));
    } else {
      chains(workers, args, readOnly(x), array(y));
    }
  }

  @Override
  public void max(ReduceArgs args, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    int grain = Math.max(1, GRAIN / Math.max(1, args.r() * args.inner()));
    workers.ranges(
        args.outer(),
        grain,
        (from, to) -> {
          for (int o = from; o < to; o++) {
            SimdMax.plane(args, o, x, y);
          }
        });
  }

  @Override
  public void sumSquares(Storage input, int n, Storage sums, int at) {
    float[] x = readOnly(input);
    int blocks = (n + BLOCK - 1) / BLOCK;
    float[] parts = new float[blocks];
    workers.ranges(
        blocks,
        4,
        (from, to) -> {
          for (int b = from; b < to; b++) {
            parts[b] = SimdSquares.blockSum(x, b * BLOCK, Math.min(BLOCK, n - b * BLOCK));
          }
        });
    array(sums)[at] = sum(parts, 0, blocks);
  }

  /** y[o] = the sum of x[o * n, (o + 1) * n). */
  private static void runs(Workers workers, int outer, int n, float[] x, float[] y) {
    int blocks = (n + BLOCK - 1) / BLOCK;
    if (blocks <= 1) {
      workers.ranges(
          outer,
          Math.max(1, GRAIN / Math.max(1, n)),
          (from, to) -> {
            for (int o = from; o < to; o++) {
              y[o] = blockSum(x, o * n, n);
            }
          });
      return;
    }
    float[] sums = new float[outer * blocks];
    workers.ranges(
        outer * blocks,
        GRAIN / BLOCK,
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int at = t % blocks * BLOCK;
            sums[t] = blockSum(x, t / blocks * n + at, Math.min(BLOCK, n - at));
          }
        });
    runs(workers, outer, blocks, sums, y);
  }

  /** The sum of x[from, from + n). */
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

  private static float blockSum(float[] x, int from, int n) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    int whole = n - n % LANES;
    for (int i = from; i < from + whole; i += LANES) {
      a0 = a0.add(FloatVector.fromArray(F, x, i));
      if (L <= 8) {
        a1 = a1.add(FloatVector.fromArray(F, x, i + L));
      }
      if (L == 4) {
        a2 = a2.add(FloatVector.fromArray(F, x, i + 2 * L));
        a3 = a3.add(FloatVector.fromArray(F, x, i + 3 * L));
      }
    }
    float[] lane = new float[LANES];
    a0.intoArray(lane, 0);
    if (L <= 8) {
      a1.intoArray(lane, L);
    }
    if (L == 4) {
      a2.intoArray(lane, 2 * L);
      a3.intoArray(lane, 3 * L);
    }
    for (int i = whole; i < n; i++) {
      lane[i - whole] += x[from + i];
    }
    return ScalarReduce.join(lane);
  }

  /** y[o,i] = a chain over r of x[o,r,i] in blocks of 512. */
  private static void chains(Workers workers, ReduceArgs args, float[] x, float[] y) {
    int r = args.r();
    int inner = args.inner();
    int blocks = Math.max(1, (r + CHAIN - 1) / CHAIN);
    int strips = (inner + COLUMNS - 1) / COLUMNS;
    float[] sums = blocks == 1 ? y : new float[args.outer() * blocks * inner];
    int work = Math.max(1, Math.min(COLUMNS, inner) * Math.min(CHAIN, r));
    workers.ranges(
        args.outer() * blocks * strips,
        Math.max(1, GRAIN / work),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int low = t % strips * COLUMNS;
            int ob = t / strips;
            int first = ob % blocks * CHAIN;
            int at = (ob / blocks * r + first) * inner + low;
            int rows = Math.min(CHAIN, r - first);
            int columns = Math.min(COLUMNS, inner - low);
            chain(x, at, rows, inner, sums, ob * inner + low, columns);
          }
        });
    if (blocks > 1) {
      chains(workers, new ReduceArgs(args.outer(), blocks, inner), sums, y);
    }
  }

  /** y[to + i] = +0 + x[from + i] + x[from + stride + i] + ..., rows of them, i below columns. */
  private static void chain(
      float[] x, int from, int rows, int stride, float[] y, int to, int columns) {
    int i = 0;
    for (; i + 4 * L <= columns; i += 4 * L) {
      FloatVector a0 = FloatVector.zero(F);
      FloatVector a1 = a0;
      FloatVector a2 = a0;
      FloatVector a3 = a0;
      for (int k = 0, at = from + i; k < rows; k++, at += stride) {
        a0 = a0.add(FloatVector.fromArray(F, x, at));
        a1 = a1.add(FloatVector.fromArray(F, x, at + L));
        a2 = a2.add(FloatVector.fromArray(F, x, at + 2 * L));
        a3 = a3.add(FloatVector.fromArray(F, x, at + 3 * L));
      }
      a0.intoArray(y, to + i);
      a1.intoArray(y, to + i + L);
      a2.intoArray(y, to + i + 2 * L);
      a3.intoArray(y, to + i + 3 * L);
    }
    for (; i + L <= columns; i += L) {
      FloatVector a = FloatVector.zero(F);
      for (int k = 0, at = from + i; k < rows; k++, at += stride) {
        a = a.add(FloatVector.fromArray(F, x, at));
      }
      a.intoArray(y, to + i);
    }
    for (; i < columns; i++) {
      float a = 0f;
      for (int k = 0, at = from + i; k < rows; k++, at += stride) {
        a += x[at];
      }
      y[to + i] = a;
    }
  }

  /** The largest of x[from, from + n), n at least 1; NaN if any is. */
  static float max(float[] x, int from, int n) {
    float m = x[from];
    int i = 0;
    if (n >= 2 * L) {
      // Two chains: each step waits for the one before. The order does not show in the result.
      FloatVector v = FloatVector.fromArray(F, x, from);
      FloatVector w = FloatVector.fromArray(F, x, from + L);
      for (i = 2 * L; i + 2 * L <= n; i += 2 * L) {
        v = larger(v, FloatVector.fromArray(F, x, from + i));
        w = larger(w, FloatVector.fromArray(F, x, from + i + L));
      }
      v = larger(v, w);
      float[] lane = new float[L];
      v.intoArray(lane, 0);
      m = lane[0];
      for (int l = 1; l < L; l++) {
        m = larger(m, lane[l]);
      }
    }
    for (; i < n; i++) {
      m = larger(m, x[from + i]);
    }
    return m;
  }

  private static FloatVector larger(FloatVector m, FloatVector v) {
    VectorMask<Float> keep = m.compare(VectorOperators.GT, v).or(m.test(VectorOperators.IS_NAN));
    return v.blend(m, keep);
  }

  private static float larger(float m, float v) {
    return Float.isNaN(m) || m > v ? m : v;
  }
}
