package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.scalar.Runs;
import engine.kernel.scalar.ScalarRuns;
import jdk.incubator.vector.FloatVector;

/** Runs in vectors, equal in bits to {@link ScalarRuns}. */
final class SimdRuns implements Runs {
  static final SimdRuns INSTANCE = new SimdRuns();

  private SimdRuns() {}

  @Override
  public float sum(float[] x, int from, int n) {
    return SimdReduce.sum(x, from, n);
  }

  @Override
  public float max(float[] x, int from, int n) {
    return SimdReduce.max(x, from, n);
  }

  @Override
  public void exp(float[] x, int from, int n) {
    int i = from;
    for (; i + L <= from + n; i += L) {
      VectorMath.exp(FloatVector.fromArray(F, x, i)).intoArray(x, i);
    }
    ScalarRuns.INSTANCE.exp(x, i, from + n - i);
  }
}
