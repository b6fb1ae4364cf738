package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.scalar.ScalarReduce;
import jdk.incubator.vector.FloatVector;

/** Sums of squares in the order of N5, the squares rounded. */
final class SimdSquares {
  private static final int LANES = ScalarReduce.LANES;

  private SimdSquares() {}

  /** The sum of at most a block from {@code from} on, its 16 logical lanes in 4, 2 or 1 vectors. */
  static float blockSum(float[] x, int from, int n) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    int whole = n - n % LANES;
    for (int i = from; i < from + whole; i += LANES) {
      a0 = a0.add(square(x, i));
      if (L <= 8) {
        a1 = a1.add(square(x, i + L));
      }
      if (L == 4) {
        a2 = a2.add(square(x, i + 2 * L));
        a3 = a3.add(square(x, i + 3 * L));
      }
    }
    float[] lane = new float[LANES];
    a0.intoArray(lane, 0);
    if (L <= 8) {
      a1.intoArray(lane, L);
    }
    if (L == 4) {
      a2.intoArray(lane, 2 * L);
      a3.intoArray(lane, 3 * L);
    }
    for (int i = whole; i < n; i++) {
      lane[i - whole] += x[from + i] * x[from + i];
    }
    return ScalarReduce.join(lane);
  }

  private static FloatVector square(float[] x, int i) {
    FloatVector v = FloatVector.fromArray(F, x, i);
    return v.mul(v);
  }
}
