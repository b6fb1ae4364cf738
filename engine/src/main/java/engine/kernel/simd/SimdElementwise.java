package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.ElementwiseKernels;
import engine.kernel.Unary;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarElementwise;
import engine.kernel.scalar.ScalarUnary;
import engine.tensor.Storage;
import jdk.incubator.vector.FloatVector;

/** Elementwise loops on vectors; what is left over at the end of a range is the scalar twin's. */
final class SimdElementwise implements ElementwiseKernels {
  private static final int GRAIN = 32768;
  private static final int FUNCTION_GRAIN = 8192;

  private final Workers workers;

  SimdElementwise(Workers workers) {
    this.workers = workers;
  }

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  @Override
  public void addInto(Storage total, Storage terms, int n) {
    float[] sum = array(total);
    float[] x = readOnly(terms);
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

  @Override
  public void affine(Storage input, float scale, float shift, Storage output, int n) {
    float[] x = readOnly(input);
    float[] y = array(output);
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

  @Override
  public void clamp(Storage input, float low, float high, Storage output, int n) {
    float[] x = readOnly(input);
    float[] y = array(output);
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

  @Override
  public void clampGrad(
      Storage input, float low, float high, Storage gradOutput, Storage gradInput, int n) {
    float[] x = readOnly(input);
    float[] g = readOnly(gradOutput);
    float[] gx = array(gradInput);
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

  @Override
  public void unary(Unary f, Storage input, Storage output, int n) {
    float[] x = readOnly(input);
    float[] y = array(output);
    workers.ranges(
        n,
        FUNCTION_GRAIN,
        (from, to) -> {
          int whole = from + F.loopBound(to - from);
          SimdUnary.vectors(f, x, y, from, whole);
          ScalarUnary.values(f, x, y, whole, to);
        });
  }

  @Override
  public void unaryGrad(
      Unary f, Storage input, Storage output, Storage gradOutput, Storage gradInput, int n) {
    float[] x = readOnly(input);
    float[] y = array(output);
    float[] g = readOnly(gradOutput);
    float[] gx = array(gradInput);
    workers.ranges(
        n,
        FUNCTION_GRAIN,
        (from, to) -> {
          int whole = from + F.loopBound(to - from);
          SimdUnaryGrad.vectors(f, x, y, g, gx, from, whole);
          ScalarUnary.gradients(f, x, y, g, gx, whole, to);
        });
  }

  @Override
  public void binary(Binary f, BroadcastArgs args, Storage left, Storage right, Storage output) {
    float[] a = readOnly(left);
    float[] b = readOnly(right);
    float[] y = array(output);
    int last = args.extents().length - 1;
    int sa = args.stridesA()[last];
    int sb = args.stridesB()[last];
    workers.ranges(
        args.size(),
        GRAIN,
        (from, to) ->
            args.rows(
                from, to, (ia, ib, iy, n) -> SimdBinary.row(f, a, ia, sa, b, ib, sb, y, iy, n)));
  }
}
