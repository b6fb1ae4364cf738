package engine.kernel.scalar;

import engine.kernel.AdamArgs;
import engine.kernel.Workers;

/** Optimiser state in place, element by element; the formulas are {@link AdamArgs}'. */
public final class ScalarOptimiser {
  private static final int GRAIN = 8192;

  private ScalarOptimiser() {}

  static void adam(
      Workers workers, AdamArgs a, float[] p, float[] gradient, float[] m, float[] v, int n) {
    workers.ranges(n, GRAIN, (from, to) -> adam(a, p, gradient, m, v, from, to));
  }

  /** Elements [from, to) of a step. */
  public static void adam(
      AdamArgs a, float[] p, float[] gradient, float[] m, float[] v, int from, int to) {
    for (int i = from; i < to; i++) {
      float g = gradient[i] * a.gradScale();
      m[i] = (a.beta1() * m[i]) + (a.oneMinusBeta1() * g);
      v[i] = (a.beta2() * v[i]) + (a.oneMinusBeta2() * (g * g));
      float denominator = ((float) Math.sqrt(v[i]) / a.sqrtCorrection2()) + a.eps();
      p[i] = (p[i] * a.keep()) - (a.stepSize() * (m[i] / denominator));
    }
  }

  /** average = average * decay + p * (1 - decay). */
  static void ema(
      Workers workers, float decay, float oneMinusDecay, float[] p, float[] average, int n) {
    workers.ranges(n, GRAIN, (from, to) -> ema(decay, oneMinusDecay, p, average, from, to));
  }

  /** Elements [from, to). */
  public static void ema(
      float decay, float oneMinusDecay, float[] p, float[] average, int from, int to) {
    for (int i = from; i < to; i++) {
      average[i] = (average[i] * decay) + (p[i] * oneMinusDecay);
    }
  }

  /** A step and the average of its result, block by block. */
  static void adamEma(
      Workers workers,
      AdamArgs a,
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
          for (int i = from; i < to; i += GRAIN) {
            int end = Math.min(to, i + GRAIN);
            adam(a, p, gradient, m, v, i, end);
            ema(decay, oneMinusDecay, p, average, i, end);
          }
        });
  }

  /** The sum of squares by N5, the squares rounded; blocks in parallel. */
  static float sumSquares(Workers workers, float[] x, int n) {
    int blocks = (n + ScalarReduce.BLOCK - 1) / ScalarReduce.BLOCK;
    float[] sums = new float[blocks];
    workers.ranges(blocks, 4, (from, to) -> squareBlocks(x, n, sums, from, to));
    return ScalarReduce.sum(sums, 0, blocks);
  }

  private static void squareBlocks(float[] x, int n, float[] sums, int from, int to) {
    for (int b = from; b < to; b++) {
      float[] lane = new float[ScalarReduce.LANES];
      int start = b * ScalarReduce.BLOCK;
      int count = Math.min(ScalarReduce.BLOCK, n - start);
      for (int i = 0; i < count; i++) {
        lane[i % ScalarReduce.LANES] += x[start + i] * x[start + i];
      }
      sums[b] = ScalarReduce.join(lane);
    }
  }
}
