package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import engine.kernel.Workers;
import engine.kernel.scalar.ScalarElementwise;
import jdk.incubator.vector.FloatVector;

/** Elementwise loops on vectors; what is left over at the end of a range is the scalar twin's. */
final class SimdElementwise {
  private static final int GRAIN = 32768;

  private SimdElementwise() {}

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  static void addInto(Workers workers, float[] sum, float[] x, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          int whole = from + F.loopBound(to - from);
          for (int i = from; i < whole; i += L) {
            at(sum, i).add(at(x, i)).intoArray(sum, i);
          }
          ScalarElementwise.addInto(sum, x, whole, to);
        });
  }

  static void affine(Workers workers, float[] x, float scale, float shift, float[] y, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          int whole = from + F.loopBound(to - from);
          for (int i = from; i < whole; i += L) {
            at(x, i).mul(scale).add(shift).intoArray(y, i);
          }
          ScalarElementwise.affine(x, scale, shift, y, whole, to);
        });
  }

  static void clamp(Workers workers, float[] x, float low, float high, float[] y, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          int whole = from + F.loopBound(to - from);
          for (int i = from; i < whole; i += L) {
            FloatVector v = at(x, i);
            FloatVector r = v.blend(high, v.compare(GT, high));
            r.blend(low, v.compare(LT, low)).intoArray(y, i);
          }
          ScalarElementwise.clamp(x, low, high, y, whole, to);
        });
  }

  static void clampGrad(
      Workers workers, float[] x, float low, float high, float[] g, float[] gx, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          int whole = from + F.loopBound(to - from);
          for (int i = from; i < whole; i += L) {
            FloatVector v = at(x, i);
            FloatVector zero = FloatVector.zero(F);
            zero.blend(at(g, i), v.compare(GE, low).and(v.compare(LE, high))).intoArray(gx, i);
          }
          ScalarElementwise.clampGrad(x, low, high, g, gx, whole, to);
        });
  }
}
