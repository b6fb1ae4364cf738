package engine.kernel.simd;

import static engine.kernel.UpsampleConvArgs.SPREAD;
import static engine.kernel.UpsampleConvArgs.TAPS;
import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.UpsampleConvArgs;
import engine.kernel.UpsampleConvKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarUpsampleConv;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * The twin of {@link ScalarUpsampleConv}: the weights are summed by the same function, the products
 * are those of {@link SimdConv3d} and {@link SimdConv3dGradWeight}.
 */
final class SimdUpsampleConv implements UpsampleConvKernels {
  private final Workers workers;

  SimdUpsampleConv(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(UpsampleConvArgs a, Storage x, Storage weights, Storage bias, Storage y) {
    float[] weight = readOnly(weights);
    HeapStorage spread = HeapStorage.allocate(a.ci() * a.co() * SPREAD);
    float[] sums = array(spread);
    workers.forEach(a.co(), co -> spread(a, weight, co, sums));
    SimdConv3d.transposed(
        workers, a.transposed(), readOnly(x), sums, readOnlyOrNull(bias), array(y));
    spread.release();
  }

  /**
   * The summed weights of an output channel as [class][co][ci,tap,tap]: what each of the four
   * convolutions reads is one run, ascending in the 4x4 kernel. Rows and columns 1 and 3 of that
   * make the even outputs, 0 and 2 the odd ones.
   */
  private static void spread(UpsampleConvArgs a, float[] weight, int co, float[] out) {
    float[] all = new float[SPREAD];
    int row = a.ci() * 4;
    for (int ci = 0; ci < a.ci(); ci++) {
      ScalarUpsampleConv.spread(weight, (co * a.ci() + ci) * TAPS, all, 0);
      for (int c = 0; c < 4; c++) {
        int at = (c * a.co() + co) * row + ci * 4;
        int first = (c < 2 ? 4 : 0) + (c % 2 == 0 ? 1 : 0);
        out[at] = all[first];
        out[at + 1] = all[first + 2];
        out[at + 2] = all[first + 8];
        out[at + 3] = all[first + 10];
      }
    }
  }

  @Override
  public void gradInput(UpsampleConvArgs a, Storage g, Storage weight, Storage gradInput) {
    HeapStorage spread = ScalarUpsampleConv.spread(workers, a, readOnly(weight));
    float[] sums = array(spread);
    SimdConv3d.forward(workers, a.transposed(), readOnly(g), sums, null, array(gradInput));
    spread.release();
  }

  @Override
  public void gradWeight(UpsampleConvArgs a, Storage x, Storage g, Storage gradWeight) {
    HeapStorage spread = HeapStorage.allocate(a.ci() * a.co() * SPREAD);
    float[] sums = array(spread);
    SimdConv3dGradWeight.run(workers, a.transposed(), readOnly(g), readOnly(x), sums);
    ScalarUpsampleConv.gather(workers, a, sums, array(gradWeight));
    spread.release();
  }
}
