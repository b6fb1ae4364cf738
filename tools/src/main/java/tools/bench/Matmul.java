package tools.bench;

import engine.op.linalg.Linalg;
import engine.tensor.Tensor;

/**
 * c [m,n] = op(a) op(b), op(a) [m,k] and op(b) [k,n], each stored transposed where its flag says so
 * (a linear layer has transB, the gradient of its weight transA): m n k multiply-adds.
 */
public record Matmul(int m, int n, int k, boolean transA, boolean transB) implements Operation {
  /** x W^T of a linear layer with weight [out, in]. */
  static Matmul linear(int rows, int out, int in) {
    return new Matmul(rows, out, in, false, true);
  }

  /** gradInput = gradOutput W of such a layer. */
  static Matmul linearGradInput(int rows, int out, int in) {
    return new Matmul(rows, in, out, false, false);
  }

  /** gradWeight = gradOutput^T x of such a layer; sums over the rows. */
  static Matmul linearGradWeight(int rows, int out, int in) {
    return new Matmul(out, in, rows, true, false);
  }

  @Override
  public Work work() {
    return Work.products((long) m * n * k, ((long) m * k) + ((long) k * n) + ((long) m * n));
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Tensor a = transA ? tensors.of(k, m) : tensors.of(m, k);
    Tensor b = transB ? tensors.of(n, k) : tensors.of(k, n);
    return Task.forward(() -> Linalg.matmul(a, transA, b, transB));
  }
}
