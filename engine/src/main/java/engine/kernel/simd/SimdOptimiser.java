package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.AdamArgs;
import engine.kernel.AdamState;
import engine.kernel.EmaArgs;
import engine.kernel.OptimiserKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarOptimiser;
import engine.tensor.Storage;
import jdk.incubator.vector.FloatVector;

/** Optimiser state on vectors; what is left over at the end of a range is the scalar twin's. */
final class SimdOptimiser implements OptimiserKernels {
  private static final int GRAIN = 16384;

  /** Elements of a block of a fused pass: their five arrays take 40 KiB. */
  private static final int FUSED = 2048;

  private final Workers workers;

  SimdOptimiser(Workers workers) {
    this.workers = workers;
  }

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  @Override
  public void adam(AdamArgs args, AdamState state, int n) {
    float[] p = array(state.p());
    float[] gradient = readOnly(state.gradient());
    float[] m = array(state.m());
    float[] v = array(state.v());
    workers.ranges(n, GRAIN, (from, to) -> block(args, p, gradient, m, v, from, to));
  }

  private static void block(
      AdamArgs args, float[] p, float[] gradient, float[] m, float[] v, int from, int to) {
    int whole = from + F.loopBound(to - from);
    vectors(args, p, gradient, m, v, from, whole);
    ScalarOptimiser.adam(args, p, gradient, m, v, whole, to);
  }

  /** Block by block, so that p is averaged while it is in the first-level cache. */
  @Override
  public void adamEma(AdamArgs args, AdamState state, EmaArgs ema, Storage averages, int n) {
    float[] p = array(state.p());
    float[] gradient = readOnly(state.gradient());
    float[] m = array(state.m());
    float[] v = array(state.v());
    float[] average = array(averages);
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i += FUSED) {
            int end = Math.min(to, i + FUSED);
            block(args, p, gradient, m, v, i, end);
            ema(ema, p, average, i, end);
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

  @Override
  public void ema(EmaArgs args, Storage parameter, Storage averages, int n) {
    float[] p = readOnly(parameter);
    float[] average = array(averages);
    workers.ranges(n, GRAIN, (from, to) -> ema(args, p, average, from, to));
  }

  private static void ema(EmaArgs a, float[] p, float[] average, int from, int to) {
    int whole = from + F.loopBound(to - from);
    if (a.incremental()) {
      FloatVector rate = FloatVector.broadcast(F, a.oneMinusDecay());
      for (int i = from; i < whole; i += L) {
        FloatVector e = at(average, i);
        at(p, i).sub(e).fma(rate, e).intoArray(average, i);
      }
    } else {
      for (int i = from; i < whole; i += L) {
        at(average, i).mul(a.decay()).add(at(p, i).mul(a.oneMinusDecay())).intoArray(average, i);
      }
    }
    ScalarOptimiser.ema(a, p, average, whole, to);
  }
}
