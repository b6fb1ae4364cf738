package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.AdamArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarOptimiser;
import engine.kernel.scalar.ScalarReduce;
import jdk.incubator.vector.FloatVector;

/** Optimiser state on vectors; what is left over at the end of a range is the scalar twin's. */
final class SimdOptimiser {
  private static final int GRAIN = 16384;
  private static final int LANES = ScalarReduce.LANES;
  private static final int BLOCK = ScalarReduce.BLOCK;

  /** Elements of a block of a fused pass: their five arrays take 40 KiB. */
  private static final int FUSED = 2048;

  private SimdOptimiser() {}

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  static void adam(
      Workers workers, AdamArgs args, float[] p, float[] gradient, float[] m, float[] v, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          block(args, p, gradient, m, v, from, to);
        });
  }

  private static void block(
      AdamArgs args, float[] p, float[] gradient, float[] m, float[] v, int from, int to) {
    int whole = from + F.loopBound(to - from);
    vectors(args, p, gradient, m, v, from, whole);
    ScalarOptimiser.adam(args, p, gradient, m, v, whole, to);
  }

  /** Block by block, so that p is averaged while it is in the first-level cache. */
  static void adamEma(
      Workers workers,
      AdamArgs args,
      float decay,
      float oneMinusDecay,
      float[] p,
      float[] gradient,
      float[] m,
      float[] v,
      float[] average,
      int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i += FUSED) {
            int end = Math.min(to, i + FUSED);
            block(args, p, gradient, m, v, i, end);
            ema(decay, oneMinusDecay, p, average, i, end);
          }
        });
  }

  private static void vectors(
      AdamArgs a, float[] p, float[] gradient, float[] m, float[] v, int from, int to) {
    for (int i = from; i < to; i += L) {
      FloatVector g = at(gradient, i).mul(a.gradScale());
      FloatVector first = at(m, i).mul(a.beta1()).add(g.mul(a.oneMinusBeta1()));
      FloatVector second = at(v, i).mul(a.beta2()).add(g.mul(g).mul(a.oneMinusBeta2()));
      FloatVector denominator = second.sqrt().div(a.sqrtCorrection2()).add(a.eps());
      FloatVector step = first.div(denominator).mul(a.stepSize());
      first.intoArray(m, i);
      second.intoArray(v, i);
      at(p, i).mul(a.keep()).sub(step).intoArray(p, i);
    }
  }

  static void ema(
      Workers workers, float decay, float oneMinusDecay, float[] p, float[] average, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          ema(decay, oneMinusDecay, p, average, from, to);
        });
  }

  private static void ema(
      float decay, float oneMinusDecay, float[] p, float[] average, int from, int to) {
    int whole = from + F.loopBound(to - from);
    for (int i = from; i < whole; i += L) {
      at(average, i).mul(decay).add(at(p, i).mul(oneMinusDecay)).intoArray(average, i);
    }
    ScalarOptimiser.ema(decay, oneMinusDecay, p, average, whole, to);
  }

  static float sumSquares(Workers workers, float[] x, int n) {
    int blocks = (n + BLOCK - 1) / BLOCK;
    float[] sums = new float[blocks];
    workers.ranges(
        blocks,
        4,
        (from, to) -> {
          for (int b = from; b < to; b++) {
            sums[b] = blockSquares(x, b * BLOCK, Math.min(BLOCK, n - b * BLOCK));
          }
        });
    return SimdReduce.sum(sums, 0, blocks);
  }

  /** The 16 logical lanes of N5 in 4, 2 or 1 vectors. */
  private static float blockSquares(float[] x, int from, int n) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    int whole = n - n % LANES;
    for (int i = from; i < from + whole; i += LANES) {
      a0 = a0.add(square(x, i));
      if (L <= 8) {
        a1 = a1.add(square(x, i + L));
      }
      if (L == 4) {
        a2 = a2.add(square(x, i + 2 * L));
        a3 = a3.add(square(x, i + 3 * L));
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
      lane[i - whole] += x[from + i] * x[from + i];
    }
    return ScalarReduce.join(lane);
  }

  private static FloatVector square(float[] x, int i) {
    FloatVector v = at(x, i);
    return v.mul(v);
  }
}
