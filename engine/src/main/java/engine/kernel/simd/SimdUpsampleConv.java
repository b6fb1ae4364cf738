package engine.kernel.simd;

import engine.kernel.UpsampleConvArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarUpsampleConv;
import engine.tensor.HeapStorage;

/**
 * The twin of {@link ScalarUpsampleConv}: the weights are summed by the same loops (they are few
 * beside the products), the products are those of {@link SimdConv3d} and {@link
 * SimdConv3dGradWeight}.
 */
final class SimdUpsampleConv {
  private SimdUpsampleConv() {}

  static void forward(
      Workers workers, UpsampleConvArgs a, float[] x, float[] weight, float[] bias, float[] y) {
    HeapStorage spread = ScalarUpsampleConv.spread(a, weight);
    SimdConv3d.gradInput(workers, a.transposed(), x, HeapStorage.array(spread), bias, y);
    spread.release();
  }

  static void gradInput(
      Workers workers, UpsampleConvArgs a, float[] gradOutput, float[] weight, float[] gradInput) {
    HeapStorage spread = ScalarUpsampleConv.spread(a, weight);
    float[] sums = HeapStorage.array(spread);
    SimdConv3d.forward(workers, a.transposed(), gradOutput, sums, null, gradInput);
    spread.release();
  }

  static void gradWeight(
      Workers workers, UpsampleConvArgs a, float[] x, float[] gradOutput, float[] gradWeight) {
    HeapStorage spread = HeapStorage.allocate(a.ci() * a.co() * UpsampleConvArgs.SPREAD);
    float[] sums = HeapStorage.array(spread);
    SimdConv3dGradWeight.run(workers, a.transposed(), gradOutput, x, sums);
    ScalarUpsampleConv.gather(a, sums, gradWeight);
    spread.release();
  }
}
