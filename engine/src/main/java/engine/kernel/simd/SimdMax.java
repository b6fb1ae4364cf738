package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;

import engine.kernel.ReduceArgs;
import engine.kernel.scalar.ScalarReduce;
import jdk.incubator.vector.FloatVector;

/** The largest of each column or row; any order gives the same, since a zero result is +0. */
final class SimdMax {
  private SimdMax() {}

  /** Plane o of the result. */
  static void plane(ReduceArgs args, int o, float[] x, float[] y) {
    if (args.inner() == 1) {
      y[o] = SimdReduce.max(x, o * args.r(), args.r()) + 0f;
    } else {
      int whole = F.loopBound(args.inner());
      columns(args, o, whole, x, y);
      ScalarReduce.max(args, o, whole, args.inner(), x, y);
    }
  }

  private static void columns(ReduceArgs args, int o, int to, float[] x, float[] y) {
    int inner = args.inner();
    int plane = o * args.r() * inner;
    for (int i = 0; i < to; i += L) {
      FloatVector m = FloatVector.fromArray(F, x, plane + i);
      for (int k = 1; k < args.r(); k++) {
        FloatVector v = FloatVector.fromArray(F, x, plane + k * inner + i);
        m = v.blend(m, m.compare(GT, v).or(m.test(IS_NAN)));
      }
      m.add(0f).intoArray(y, o * inner + i);
    }
  }
}
