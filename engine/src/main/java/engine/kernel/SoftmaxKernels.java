package engine.kernel;

import engine.tensor.Storage;

/** Softmax of rows (N7). */
public interface SoftmaxKernels {
  /** y = softmax of each of the rows of n elements; n is positive. */
  void forward(int rows, int n, Storage x, Storage y);

  /** gradInput = y * (gradOutput - sum(gradOutput * y)) in each of the rows of n elements. */
  void gradient(int rows, int n, Storage y, Storage gradOutput, Storage gradInput);
}
