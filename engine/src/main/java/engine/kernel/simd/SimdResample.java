package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.ResampleArgs;
import engine.kernel.ResampleKernels;
import engine.kernel.ResampleTable;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarResample;
import engine.tensor.Storage;
import jdk.incubator.vector.FloatVector;

/**
 * {@link ScalarResample} with vectors across the inner axis; the sums of a few taps stay in
 * registers. Rows shorter than a vector, as when the last axis is resampled, are left to the twin.
 */
final class SimdResample implements ResampleKernels {
  private final Workers workers;

  SimdResample(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void apply(ResampleArgs args, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    int whole = F.loopBound(args.inner());
    ScalarResample.split(
        workers,
        args,
        (o, j) -> {
          if (whole > 0) {
            row(args, o, j, whole, x, y);
          }
          if (whole < args.inner()) {
            ScalarResample.row(args, o, j, whole, x, y);
          }
        });
  }

  private static void row(ResampleArgs args, int o, int j, int end, float[] x, float[] y) {
    ResampleTable table = args.table();
    int[] source = table.source();
    float[] weight = table.weight();
    int inner = args.inner();
    int slab = o * table.in() * inner;
    int to = (o * table.out() + j) * inner;
    int first = table.start()[j];
    int last = table.start()[j + 1];
    for (int i = 0; i < end; i += L) {
      FloatVector sum = FloatVector.zero(F);
      if (first < last) {
        sum = FloatVector.fromArray(F, x, slab + source[first] * inner + i).mul(weight[first]);
      }
      for (int t = first + 1; t < last; t++) {
        FloatVector v = FloatVector.fromArray(F, x, slab + source[t] * inner + i);
        sum = FloatVector.broadcast(F, weight[t]).fma(v, sum);
      }
      sum.intoArray(y, to + i);
    }
  }
}
