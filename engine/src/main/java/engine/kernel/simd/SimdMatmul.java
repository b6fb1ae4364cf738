package engine.kernel.simd;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.MatmulArgs;
import engine.kernel.MatmulKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;

/** The SIMD twin of {@code ScalarMatmul}: one {@link SimdGemm} product per matrix of the batch. */
final class SimdMatmul implements MatmulKernels {
  private final Workers workers;

  SimdMatmul(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void multiply(
      MatmulArgs args, Storage left, Storage right, Storage shift, Storage result) {
    float[] a = readOnly(left);
    float[] b = readOnly(right);
    float[] bias = readOnlyOrNull(shift);
    float[] c = array(result);
    boolean many = args.batch() >= 2 * workers.threads();
    if (many) {
      workers.forEach(args.batch(), i -> SimdGemm.run(product(args, i, a, b, bias, c)));
    } else {
      for (int i = 0; i < args.batch(); i++) {
        SimdGemm.run(workers, product(args, i, a, b, bias, c));
      }
    }
  }

  private static SimdGemm.Product product(
      MatmulArgs s, int i, float[] a, float[] b, float[] bias, float[] c) {
    return new SimdGemm.Product(
        s.m(),
        s.n(),
        s.k(),
        MatrixPacker.of(a, i * s.strideA(), s.m(), s.k(), !s.transA(), SimdGemm.MR),
        MatrixPacker.of(b, i * s.strideB(), s.n(), s.k(), s.transB(), SimdGemm.NR),
        bias == null ? null : new SimdGemm.Bias(bias, false),
        c,
        i * s.m() * s.n(),
        s.n());
  }
}
