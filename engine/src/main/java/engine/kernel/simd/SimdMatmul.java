package engine.kernel.simd;

import engine.kernel.MatmulArgs;
import engine.kernel.Workers;

/** The SIMD twin of {@code ScalarMatmul}: one {@link SimdGemm} product per matrix of the batch. */
final class SimdMatmul {
  private SimdMatmul() {}

  static void matmul(
      Workers workers, MatmulArgs args, float[] a, float[] b, float[] bias, float[] c) {
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
