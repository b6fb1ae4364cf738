package engine.kernel.scalar;

import engine.kernel.Unary;
import engine.kernel.Workers;

/** Elementwise loops: every output on its own, so order and threads cannot matter. */
public final class ScalarElementwise {
  private static final int GRAIN = 8192;

  private ScalarElementwise() {}

  static void copy(Workers workers, float[] x, float[] y, int n) {
    workers.ranges(n, 4 * GRAIN, (from, to) -> System.arraycopy(x, from, y, from, to - from));
  }

  static void fill(Workers workers, float[] x, float value, int n) {
    workers.ranges(n, 4 * GRAIN, (from, to) -> java.util.Arrays.fill(x, from, to, value));
  }

  static void addInto(Workers workers, float[] sum, float[] x, int n) {
    workers.ranges(n, GRAIN, (from, to) -> addInto(sum, x, from, to));
  }

  /** Elements [from, to). */
  public static void addInto(float[] sum, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += x[i];
    }
  }

  static void affine(Workers workers, float[] x, float scale, float shift, float[] y, int n) {
    workers.ranges(n, GRAIN, (from, to) -> affine(x, scale, shift, y, from, to));
  }

  /** Elements [from, to). */
  public static void affine(float[] x, float scale, float shift, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (x[i] * scale) + shift;
    }
  }

  static void clamp(Workers workers, float[] x, float low, float high, float[] y, int n) {
    workers.ranges(n, GRAIN, (from, to) -> clamp(x, low, high, y, from, to));
  }

  /** Elements [from, to). */
  public static void clamp(float[] x, float low, float high, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      float v = x[i];
      y[i] = v < low ? low : v > high ? high : v;
    }
  }

  static void clampGrad(
      Workers workers, float[] x, float low, float high, float[] g, float[] gx, int n) {
    workers.ranges(n, GRAIN, (from, to) -> clampGrad(x, low, high, g, gx, from, to));
  }

  /** Elements [from, to). */
  public static void clampGrad(
      float[] x, float low, float high, float[] g, float[] gx, int from, int to) {
    for (int i = from; i < to; i++) {
      gx[i] = x[i] >= low && x[i] <= high ? g[i] : 0f;
    }
  }

  static void unary(Workers workers, Unary f, float[] x, float[] y, int n) {
    workers.ranges(n, GRAIN, (from, to) -> ScalarUnary.values(f, x, y, from, to));
  }

  static void unaryGrad(
      Workers workers, Unary f, float[] x, float[] y, float[] g, float[] gx, int n) {
    workers.ranges(n, GRAIN, (from, to) -> ScalarUnary.gradients(f, x, y, g, gx, from, to));
  }
}
