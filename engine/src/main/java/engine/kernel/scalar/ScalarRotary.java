package engine.kernel.scalar;

import engine.kernel.RotaryArgs;
import engine.kernel.Workers;

/**
 * Rotary embedding in half-split form; every written operation is rounded once, in this order:
 *
 * <pre>
 * a = x1 * scale, b = x2 * scale     y1 = a * cos - b * sin, y2 = b * cos + a * sin
 * </pre>
 *
 * <p>Gradient: per version u1 = g1 * cos + g2 * sin, u2 = g2 * cos - g1 * sin; versions are added
 * in ascending order, the sum is scaled last.
 */
final class ScalarRotary {
  private static final int GRAIN = 4096;

  private ScalarRotary() {}

  static void forward(Workers workers, RotaryArgs args, float[] table, float[] x, float[] y) {
    int width = args.heads() * args.dim();
    int rows = args.batch() * args.length();
    int half = args.dim() / 2;
    workers.ranges(
        args.versions() * rows,
        grain(width),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int row = t % rows;
            int cos = args.position(t / rows, row % args.length()) * half;
            for (int h = 0; h < args.heads(); h++) {
              int at = row * width + h * args.dim();
              int out = t * width + h * args.dim();
              rotateLow(args, table, cos, x, at, y, out);
              rotateHigh(args, table, cos, x, at, y, out);
            }
          }
        });
  }

  // One array written per loop, so that the compiler vectorises it.

  private static void rotateLow(
      RotaryArgs args, float[] table, int cos, float[] x, int at, float[] y, int out) {
    int half = args.dim() / 2;
    int sin = cos + args.positions() * half;
    float scale = args.scale();
    for (int c = 0; c < half; c++) {
      y[out + c] =
          (x[at + c] * scale) * table[cos + c] - (x[at + half + c] * scale) * table[sin + c];
    }
  }

  private static void rotateHigh(
      RotaryArgs args, float[] table, int cos, float[] x, int at, float[] y, int out) {
    int half = args.dim() / 2;
    int sin = cos + args.positions() * half;
    float scale = args.scale();
    for (int c = 0; c < half; c++) {
      y[out + half + c] =
          (x[at + half + c] * scale) * table[cos + c] + (x[at + c] * scale) * table[sin + c];
    }
  }

  static void gradient(Workers workers, RotaryArgs args, float[] table, float[] g, float[] gx) {
    int width = args.heads() * args.dim();
    int rows = args.batch() * args.length();
    workers.ranges(
        rows,
        grain(width * args.versions()),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            for (int h = 0; h < args.heads(); h++) {
              gradientOfHead(args, table, g, gx, row, rows, row * width + h * args.dim());
            }
          }
        });
  }

  private static void gradientOfHead(
      RotaryArgs args, float[] table, float[] g, float[] gx, int row, int rows, int at) {
    int half = args.dim() / 2;
    int plane = rows * args.heads() * args.dim();
    for (int v = 0; v < args.versions(); v++) {
      int cos = args.position(v, row % args.length()) * half;
      int sin = cos + args.positions() * half;
      int from = v * plane + at;
      for (int c = 0; c < half; c++) {
        float u = g[from + c] * table[cos + c] + g[from + half + c] * table[sin + c];
        gx[at + c] = v == 0 ? u : gx[at + c] + u;
      }
      for (int c = 0; c < half; c++) {
        float u = g[from + half + c] * table[cos + c] - g[from + c] * table[sin + c];
        gx[at + half + c] = v == 0 ? u : gx[at + half + c] + u;
      }
    }
    for (int c = at; c < at + args.dim(); c++) {
      gx[c] *= args.scale();
    }
  }

  private static int grain(int width) {
    return Math.max(1, GRAIN / Math.max(1, width));
  }
}
