package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.AdamArgs;
import engine.kernel.AdamState;
import engine.kernel.EmaArgs;
import engine.kernel.OptimiserKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;

/**
 * Optimiser state in place, element by element; the formulas are {@link AdamArgs}' and {@link
 * EmaArgs}'.
 */
public class ScalarOptimiser implements OptimiserKernels {
  private static final int GRAIN = 8192;

  private final Workers workers;

  public ScalarOptimiser(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void adam(AdamArgs args, AdamState state, int n) {
    float[] p = array(state.p());
    float[] gradient = readOnly(state.gradient());
    float[] m = array(state.m());
    float[] v = array(state.v());
    workers.ranges(n, GRAIN, (from, to) -> adam(args, p, gradient, m, v, from, to));
  }

  @Override
  public void ema(EmaArgs args, Storage p, Storage average, int n) {
    float[] values = readOnly(p);
    float[] averages = array(average);
    workers.ranges(n, GRAIN, (from, to) -> ema(args, values, averages, from, to));
  }

  @Override
  public void adamEma(AdamArgs args, AdamState state, EmaArgs ema, Storage average, int n) {
    float[] p = array(state.p());
    float[] gradient = readOnly(state.gradient());
    float[] m = array(state.m());
    float[] v = array(state.v());
    float[] averages = array(average);
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i += GRAIN) {
            int end = Math.min(to, i + GRAIN);
            adam(args, p, gradient, m, v, i, end);
            ema(ema, p, averages, i, end);
          }
        });
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

  /** Elements [from, to) of an average. */
  public static void ema(EmaArgs a, float[] p, float[] average, int from, int to) {
    if (a.incremental()) {
      for (int i = from; i < to; i++) {
        average[i] = Math.fma(p[i] - average[i], a.oneMinusDecay(), average[i]);
      }
    } else {
      for (int i = from; i < to; i++) {
        average[i] = (average[i] * a.decay()) + (p[i] * a.oneMinusDecay());
      }
    }
  }
}
