package engine.kernel.scalar;

import engine.kernel.RmsNormArgs;
import engine.kernel.Workers;

/**
 * Gated root mean square norm. With u = x * silu(z) (or x where the gate comes after the norm, or
 * is absent), ms = (sum of u * u by N5, the squares rounded) / group, rstd = 1 / sqrt(ms + eps), n
 * = u * rstd: y = n * weight, or (n * weight) * silu(z). The gradient works from the saved rstd;
 * every written operation is rounded once.
 */
public final class ScalarRmsNorm {
  private static final int GRAIN = 4096;

  private ScalarRmsNorm() {}

  /**
   * @param z the gate, or null
   * @param rstd [rows, groups], written for the gradient
   */
  static void forward(
      Workers workers,
      ScanLoops loops,
      RmsNormArgs args,
      float[] x,
      float[] z,
      float[] weight,
      float[] y,
      float[] rstd) {
    workers.ranges(
        args.rows(),
        Math.max(1, GRAIN / Math.max(1, args.width())),
        (from, to) -> {
          float[] gate = new float[args.width()];
          float[] squares = new float[args.width()];
          for (int row = from; row < to; row++) {
            int at = row * args.width();
            gate(loops, args, z, row, gate);
            boolean inside = z != null && !args.normBeforeGate();
            if (inside) {
              loops.multiply(x, at, gate, 0, y, at, args.width());
            } else {
              System.arraycopy(x, at, y, at, args.width());
            }
            loops.multiply(y, at, y, at, squares, 0, args.width());
            for (int g = 0; g < args.groups(); g++) {
              int first = g * args.group();
              float ms = loops.sum(squares, first, args.group()) / args.group();
              float scale = 1f / (float) Math.sqrt(ms + args.eps());
              rstd[row * args.groups() + g] = scale;
              loops.scale(scale, y, at + first, y, at + first, args.group());
            }
            loops.multiply(y, at, weight, 0, y, at, args.width());
            if (z != null && args.normBeforeGate()) {
              loops.multiply(y, at, gate, 0, y, at, args.width());
            }
          }
        });
  }

  /**
   * Gradients of x and, unless gradZ is null, of z, and into weightTerms [rows, width] what the
   * weight's gradient sums over rows. With g' the gradient of n * weight, gn = g' * weight and dot
   * = (sum of gn * n by N5) / group: gradU = rstd * (gn - n * dot); weightTerms = g' * n.
   */
  static void backward(
      Workers workers,
      ScanLoops loops,
      RmsNormArgs args,
      float[] x,
      float[] z,
      float[] weight,
      float[] rstd,
      float[] g,
      float[] gradX,
      float[] gradZ,
      float[] weightTerms) {
    workers.ranges(
        args.rows(),
        Math.max(1, GRAIN / Math.max(1, args.width())),
        (from, to) -> {
          Row r = new Row(args.width());
          for (int row = from; row < to; row++) {
            gate(loops, args, z, row, r.gate);
            prepare(loops, args, x, z != null, weight, rstd, g, row, r, weightTerms);
            finish(loops, args, x, z, weight, rstd, g, row, r, gradX, gradZ);
          }
        });
  }

  /** n, gn, gn * n and the weight's terms of one row. */
  private static void prepare(
      ScanLoops loops,
      RmsNormArgs args,
      float[] x,
      boolean gated,
      float[] weight,
      float[] rstd,
      float[] g,
      int row,
      Row r,
      float[] weightTerms) {
    int n = args.width();
    int at = row * n;
    if (gated && !args.normBeforeGate()) {
      loops.multiply(x, at, r.gate, 0, r.n, 0, n);
    } else {
      System.arraycopy(x, at, r.n, 0, n);
    }
    for (int group = 0; group < args.groups(); group++) {
      int first = group * args.group();
      loops.scale(rstd[row * args.groups() + group], r.n, first, r.n, first, args.group());
    }
    if (gated && args.normBeforeGate()) {
      loops.multiply(g, at, r.gate, 0, r.outer, 0, n);
    } else {
      System.arraycopy(g, at, r.outer, 0, n);
    }
    loops.multiply(r.outer, 0, r.n, 0, weightTerms, at, n);
    loops.multiply(r.outer, 0, weight, 0, r.gn, 0, n);
    loops.multiply(r.gn, 0, r.n, 0, r.product, 0, n);
  }

  private static void finish(
      ScanLoops loops,
      RmsNormArgs args,
      float[] x,
      float[] z,
      float[] weight,
      float[] rstd,
      float[] g,
      int row,
      Row r,
      float[] gradX,
      float[] gradZ) {
    int n = args.width();
    int at = row * n;
    for (int group = 0; group < args.groups(); group++) {
      int first = group * args.group();
      float dot = loops.sum(r.product, first, args.group()) / args.group();
      float scale = rstd[row * args.groups() + group];
      loops.addScaled(-dot, r.n, first, r.gn, first, args.group());
      loops.scale(scale, r.gn, first, gradX, at + first, args.group());
    }
    if (z != null && args.normBeforeGate()) {
      loops.multiply(r.n, 0, weight, 0, r.gradGate, 0, n);
      loops.multiply(g, at, r.gradGate, 0, r.gradGate, 0, n);
    } else if (z != null) {
      loops.multiply(gradX, at, x, at, r.gradGate, 0, n);
      loops.multiply(gradX, at, r.gate, 0, gradX, at, n);
    }
    if (gradZ != null) {
      loops.siluGrad(z, at, r.gradGate, 0, gradZ, at, n);
    }
  }

  private static void gate(ScanLoops loops, RmsNormArgs args, float[] z, int row, float[] gate) {
    if (z != null) {
      System.arraycopy(z, row * args.width(), gate, 0, args.width());
      loops.silu(gate, 0, args.width());
    }
  }

  private static final class Row {
    final float[] gate;
    final float[] n;
    final float[] gn;
    final float[] outer;
    final float[] product;
    final float[] gradGate;

    Row(int width) {
      gate = new float[width];
      n = new float[width];
      gn = new float[width];
      outer = new float[width];
      product = new float[width];
      gradGate = new float[width];
    }
  }
}
