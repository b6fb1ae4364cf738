package engine.kernel.scalar;

import engine.kernel.Numerics;

/** Runs by plain loops: the definition. */
public final class ScalarRuns implements Runs {
  public static final ScalarRuns INSTANCE = new ScalarRuns();

  private ScalarRuns() {}

  @Override
  public float sum(float[] x, int from, int n) {
    return ScalarReduce.sum(x, from, n);
  }

  @Override
  public float max(float[] x, int from, int n) {
    float m = x[from];
    for (int i = 1; i < n; i++) {
      float v = x[from + i];
      m = Float.isNaN(m) || m > v ? m : v;
    }
    return m;
  }

  @Override
  public void exp(float[] x, int from, int n) {
    for (int i = from; i < from + n; i++) {
      x[i] = Numerics.exp(x[i]);
    }
  }
}
