package engine.kernel.scalar;

/**
 * What norms and softmax do with a contiguous run of floats. Their loops are shared by the backends
 * of the CPU; a backend brings its own runs, which may be faster but have the bits of {@link
 * ScalarRuns}.
 */
public interface Runs {
  /** The sum of x[from, from + n) in the order of N5 for inner = 1; +0 if n is 0. */
  float sum(float[] x, int from, int n);

  /** The largest of x[from, from + n), n at least 1; NaN if any is; -0 and +0 count as equal. */
  float max(float[] x, int from, int n);

  /** x[i] = exp(x[i]) for i in [from, from + n). */
  void exp(float[] x, int from, int n);
}
