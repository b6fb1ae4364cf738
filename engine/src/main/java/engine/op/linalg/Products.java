package engine.op.linalg;

import engine.kernel.Kernels;
import engine.kernel.MatmulArgs;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Tensors in and out of the matmul kernel. */
final class Products {
  private Products() {}

  static Tensor result(Kernels k, Shape shape) {
    return new Tensor(shape, k.allocate(shape.size()));
  }

  /** c = op(a) op(b) + bias; bias may be null. */
  static void multiply(Kernels k, MatmulArgs args, Tensor a, Tensor b, Tensor bias, Tensor c) {
    k.matmul(args, a.storage(), b.storage(), bias == null ? null : bias.storage(), c.storage());
  }
}
