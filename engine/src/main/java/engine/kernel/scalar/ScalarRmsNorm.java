package engine.kernel.scalar;

import engine.kernel.RmsNormArgs;
import engine.kernel.Workers;
import java.util.Arrays;

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
          float[] scales = new float[args.width()];
          for (int row = from; row < to; row++) {
            int at = row * args.width();
            gate(loops, args, z, row, gate);
            boolean inside = z != null && !args.normBeforeGate();
            for (int c = 0; c < args.width(); c++) {
              y[at + c] = inside ? x[at + c] * gate[c] : x[at + c];
              squares[c] = y[at + c] * y[at + c];
            }
            for (int g = 0; g < args.groups(); g++) {
              int first = g * args.group();
              float ms = loops.sum(squares, first, args.group()) / args.group();
              float scale = 1f / (float) Math.sqrt(ms + args.eps());
              rstd[row * args.groups() + g] = scale;
              Arrays.fill(scales, first, first + args.group(), scale);
            }
            boolean outside = z != null && args.normBeforeGate();
            for (int c = 0; c < args.width(); c++) {
              float v = (y[at + c] * scales[c]) * weight[c];
              y[at + c] = outside ? v * gate[c] : v;
            }
          }
        });
  }

  /**
   * Gradients of x and, unless gradZ is null, of z (its own columns of possibly wider rows), and
   * into weightTerms [rows, width] what the weight's gradient sums over rows. With g' the gradient
   * of n * weight, gn = g' * weight and dot = (sum of gn * n by N5) / group: gradU = rstd * (gn - n
   * * dot); weightTerms = g' * n.
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
            prepare(args, x, z != null, weight, rstd, g, row, r, weightTerms);
            finish(loops, args, x, z, weight, rstd, g, row, r, gradX, gradZ);
          }
        });
  }

  /** n, gn and gn * n of one row. */
  private static void prepare(
      RmsNormArgs args,
      float[] x,
      boolean gated,
      float[] weight,
      float[] rstd,
      float[] g,
      int row,
      Row r,
      float[] weightTerms) {
    int at = row * args.width();
    boolean inside = gated && !args.normBeforeGate();
    boolean outside = gated && args.normBeforeGate();
    for (int group = 0; group < args.groups(); group++) {
      float scale = rstd[row * args.groups() + group];
      int first = group * args.group();
      for (int c = first; c < first + args.group(); c++) {
        r.n[c] = (inside ? x[at + c] * r.gate[c] : x[at + c]) * scale;
        float outer = outside ? g[at + c] * r.gate[c] : g[at + c];
        weightTerms[at + c] = outer * r.n[c];
        r.gn[c] = outer * weight[c];
        r.product[c] = r.gn[c] * r.n[c];
      }
    }
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
    int at = row * args.width();
    boolean inside = z != null && !args.normBeforeGate();
    for (int group = 0; group < args.groups(); group++) {
      int first = group * args.group();
      float dot = loops.sum(r.product, first, args.group()) / args.group();
      float scale = rstd[row * args.groups() + group];
      for (int c = first; c < first + args.group(); c++) {
        float gradU = scale * (r.gn[c] - r.n[c] * dot);
        gradX[at + c] = inside ? gradU * r.gate[c] : gradU;
        r.gradGate[c] = inside ? gradU * x[at + c] : g[at + c] * (r.n[c] * weight[c]);
      }
    }
    if (gradZ != null) {
      int zAt = row * args.gateStride() + args.gateOffset();
      loops.siluGrad(z, zAt, r.gradGate, 0, gradZ, zAt, args.width());
    }
  }

  private static void gate(ScanLoops loops, RmsNormArgs args, float[] z, int row, float[] gate) {
    if (z != null) {
      int at = row * args.gateStride() + args.gateOffset();
      System.arraycopy(z, at, gate, 0, args.width());
      loops.silu(gate, 0, args.width());
    }
  }

  private static final class Row {
    final float[] gate;
    final float[] n;
    final float[] gn;
    final float[] product;
    final float[] gradGate;

    Row(int width) {
      gate = new float[width];
      n = new float[width];
      gn = new float[width];
      product = new float[width];
      gradGate = new float[width];
    }
  }
}
