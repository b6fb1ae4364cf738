package engine.kernel.simd;

import engine.kernel.scalar.Runs;
import engine.kernel.scalar.ScalarRuns;

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
    ScalarRuns.INSTANCE.exp(x, from, n);
  }
}
