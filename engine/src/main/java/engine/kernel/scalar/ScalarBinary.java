package engine.kernel.scalar;

import engine.kernel.Binary;

/** Functions of two operands, row by row; along a row each operand advances by 1 or stays. */
public final class ScalarBinary {
  private ScalarBinary() {}

  /** y[iy + i] = f(a[ia + i * sa], b[ib + i * sb]) for i in [0, n). */
  public static void row(
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

  private static void add(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i++) {
      y[iy + i] = a[ia + (i * sa)] + b[ib + (i * sb)];
    }
  }

  private static void sub(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i++) {
      y[iy + i] = a[ia + (i * sa)] - b[ib + (i * sb)];
    }
  }

  private static void mul(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i++) {
      y[iy + i] = a[ia + (i * sa)] * b[ib + (i * sb)];
    }
  }

  private static void div(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i++) {
      y[iy + i] = a[ia + (i * sa)] / b[ib + (i * sb)];
    }
  }

  private static void min(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i++) {
      float l = a[ia + (i * sa)];
      float r = b[ib + (i * sb)];
      y[iy + i] = Float.isNaN(l) || l < r ? l : r;
    }
  }

  private static void max(
      float[] a, int ia, int sa, float[] b, int ib, int sb, float[] y, int iy, int n) {
    for (int i = 0; i < n; i++) {
      float l = a[ia + (i * sa)];
      float r = b[ib + (i * sb)];
      y[iy + i] = Float.isNaN(l) || l > r ? l : r;
    }
  }
}
