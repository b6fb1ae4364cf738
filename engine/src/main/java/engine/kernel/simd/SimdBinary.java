package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LT;

import engine.kernel.Binary;
import engine.kernel.scalar.ScalarBinary;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Functions of two operands on vectors, row by row. An operand that repeats along the row is spread
 * over one vector's worth of memory that every step reads again, so that one loop serves all.
 */
final class SimdBinary {
  private SimdBinary() {}

  static void row(
      Binary f, float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    int whole = F.loopBound(n);
    if (whole > 0) {
      float[] left = sa == 0 ? spread(a[ia]) : a;
      float[] right = sb == 0 ? spread(b[ib]) : b;
      vectors(f, left, ia * sa, sa, right, ib * sb, sb, y, iy, whole);
    }
    int rest = n - whole;
    ScalarBinary.row(f, a, ia + (whole * sa), sa, b, ib + (whole * sb), sb, y, iy + whole, rest);
  }

  private static float[] spread(float value) {
    float[] vector = new float[L];
    Arrays.fill(vector, value);
    return vector;
  }

  private static void vectors(
      Binary f, float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    switch (f) {
      case ADD -> add(a, ia, sa, b, ib, sb, y, iy, n);
      case SUB -> sub(a, ia, sa, b, ib, sb, y, iy, n);
      case MUL -> mul(a, ia, sa, b, ib, sb, y, iy, n);
      case DIV -> div(a, ia, sa, b, ib, sb, y, iy, n);
      case MIN -> min(a, ia, sa, b, ib, sb, y, iy, n);
      case MAX -> max(a, ia, sa, b, ib, sb, y, iy, n);
    }
  }

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  private static void add(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i += L) {
      at(a, ia + (i * sa)).add(at(b, ib + (i * sb))).intoArray(y, iy + i);
    }
  }

  private static void sub(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i += L) {
      at(a, ia + (i * sa)).sub(at(b, ib + (i * sb))).intoArray(y, iy + i);
    }
  }

  private static void mul(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i += L) {
      at(a, ia + (i * sa)).mul(at(b, ib + (i * sb))).intoArray(y, iy + i);
    }
  }

  private static void div(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i += L) {
      at(a, ia + (i * sa)).div(at(b, ib + (i * sb))).intoArray(y, iy + i);
    }
  }

  private static void min(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector l = at(a, ia + (i * sa));
      FloatVector r = at(b, ib + (i * sb));
      r.blend(l, l.compare(LT, r).or(l.test(IS_NAN))).intoArray(y, iy + i);
    }
  }

  private static void max(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector l = at(a, ia + (i * sa));
      FloatVector r = at(b, ib + (i * sb));
      r.blend(l, l.compare(GT, r).or(l.test(IS_NAN))).intoArray(y, iy + i);
    }
  }
}
