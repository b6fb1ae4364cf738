package engine.kernel;

import engine.tensor.Storage;

/** Many elements to one. */
public interface ReduceKernels {
  /** y[o,i] = sum over r of x[o,r,i] in the order of N5. */
  void sum(ReduceArgs args, Storage x, Storage y);

  /** y[o,i] = max over r of x[o,r,i]; NaN if any is, a zero is +0; r must be positive. */
  void max(ReduceArgs args, Storage x, Storage y);

  /** sums[at] = the sum of x^2 in the order of N5. */
  void sumSquares(Storage x, int n, Storage sums, int at);
}
