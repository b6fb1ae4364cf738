package engine.kernel.scalar;

import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.CopyArgs;
import engine.kernel.Unary;
import engine.kernel.Workers;

/** Elementwise loops: every output on its own, so order and threads cannot matter. */
final class ScalarElementwise {
  private static final int GRAIN = 8192;

  private ScalarElementwise() {}

  static void copy(Workers workers, float[] x, float[] y, int n) {
    workers.ranges(n, 4 * GRAIN, (from, to) -> System.arraycopy(x, from, y, from, to - from));
  }

  static void fill(Workers workers, float[] x, float value, int n) {
    workers.ranges(n, 4 * GRAIN, (from, to) -> java.util.Arrays.fill(x, from, to, value));
  }

  static void addInto(Workers workers, float[] sum, float[] x, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            sum[i] += x[i];
          }
        });
  }

  static void affine(Workers workers, float[] x, float scale, float shift, float[] y, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = x[i] * scale + shift;
          }
        });
  }

  static void clamp(Workers workers, float[] x, float low, float high, float[] y, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            float v = x[i];
            y[i] = v < low ? low : v > high ? high : v;
          }
        });
  }

  static void clampGrad(
      Workers workers, float[] x, float low, float high, float[] g, float[] gx, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            gx[i] = x[i] >= low && x[i] <= high ? g[i] : 0f;
          }
        });
  }

  static void unary(Workers workers, Unary f, float[] x, float[] y, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = ScalarUnary.value(f, x[i]);
          }
        });
  }

  static void unaryGrad(
      Workers workers, Unary f, float[] x, float[] y, float[] g, float[] gx, int n) {
    workers.ranges(
        n,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            gx[i] = ScalarUnary.gradient(f, x[i], y[i], g[i]);
          }
        });
  }

  static float value(Binary f, float a, float b) {
    return switch (f) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Float.isNaN(a) || a < b ? a : b;
      case MAX -> Float.isNaN(a) || a > b ? a : b;
    };
  }

  static void binary(
      Workers workers, Binary f, BroadcastArgs args, float[] a, float[] b, float[] y) {
    int inner = args.inner();
    int last = args.extents().length - 1;
    int sa = args.stridesA()[last];
    int sb = args.stridesB()[last];
    int rows = inner == 0 ? 0 : args.size() / inner;
    workers.ranges(
        rows,
        Math.max(1, GRAIN / Math.max(1, inner)),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int ia = offset(row, args.extents(), args.stridesA());
            int ib = offset(row, args.extents(), args.stridesB());
            for (int i = 0; i < inner; i++) {
              y[row * inner + i] = value(f, a[ia + i * sa], b[ib + i * sb]);
            }
          }
        });
  }

  static void stridedCopy(Workers workers, CopyArgs args, float[] x, float[] y) {
    int last = args.extents().length - 1;
    int inner = args.extents()[last];
    int sx = args.stridesX()[last];
    int sy = args.stridesY()[last];
    int rows = 1;
    for (int d = 0; d < last; d++) {
      rows *= args.extents()[d];
    }
    workers.ranges(
        rows,
        Math.max(1, GRAIN / Math.max(1, inner)),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int ix = args.offsetX() + offset(row, args.extents(), args.stridesX());
            int iy = args.offsetY() + offset(row, args.extents(), args.stridesY());
            if (sx == 1 && sy == 1) {
              System.arraycopy(x, ix, y, iy, inner);
            } else {
              for (int i = 0; i < inner; i++) {
                y[iy + i * sy] = x[ix + i * sx];
              }
            }
          }
        });
  }

  /** Where a row (all axes but the last, flattened) begins under the given strides. */
  static int offset(int row, int[] extents, int[] strides) {
    int rest = row;
    int offset = 0;
    for (int d = extents.length - 2; d >= 0; d--) {
      offset += rest % extents[d] * strides[d];
      rest /= extents[d];
    }
    return offset;
  }
}
