package engine.kernel.scalar;

import engine.kernel.Numerics;
import engine.kernel.RmsNormArgs;
import engine.kernel.Workers;

/**
 * Gated root mean square norm. With silu(z) = z * sigmoid(z), u = x * silu(z) (or x where the gate
 * comes after the norm, or is absent), ms = (sum of u * u by N5, the squares rounded) / group, rstd
 * = 1 / sqrt(ms + eps), n = u * rstd: y = n * weight, or (n * weight) * silu(z). The gradient works
 * from the saved rstd; every written operation is rounded once.
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
            gate(args, z, row, gate);
            boolean inside = z != null && !args.normBeforeGate();
            for (int c = 0; c < args.width(); c++) {
              y[at + c] = inside ? x[at + c] * gate[c] : x[at + c];
              squares[c] = y[at + c] * y[at + c];
            }
            for (int g = 0; g < args.groups(); g++) {
              float ms = ScalarReduce.sum(squares, g * args.group(), args.group()) / args.group();
              rstd[row * args.groups() + g] = 1f / (float) Math.sqrt(ms + args.eps());
            }
            for (int c = 0; c < args.width(); c++) {
              float scale = rstd[row * args.groups() + c / args.group()];
              float v = (y[at + c] * scale) * weight[c];
              y[at + c] = z != null && args.normBeforeGate() ? v * gate[c] : v;
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
            gate(args, z, row, r.gate);
            prepare(args, x, z != null, weight, rstd, g, row, r, weightTerms);
            finish(args, x, z, rstd, row, r, gradX, gradZ, g, weight);
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
    for (int c = 0; c < args.width(); c++) {
      boolean inside = gated && !args.normBeforeGate();
      float u = inside ? x[at + c] * r.gate[c] : x[at + c];
      r.n[c] = u * rstd[row * args.groups() + c / args.group()];
      float outer = gated && args.normBeforeGate() ? g[at + c] * r.gate[c] : g[at + c];
      weightTerms[at + c] = outer * r.n[c];
      r.gn[c] = outer * weight[c];
      r.product[c] = r.gn[c] * r.n[c];
    }
  }

  private static void finish(
      RmsNormArgs args,
      float[] x,
      float[] z,
      float[] rstd,
      int row,
      Row r,
      float[] gradX,
      float[] gradZ,
      float[] g,
      float[] weight) {
    int at = row * args.width();
    int zAt = row * args.gateStride() + args.gateOffset();
    for (int group = 0; group < args.groups(); group++) {
      int first = group * args.group();
      float dot = ScalarReduce.sum(r.product, first, args.group()) / args.group();
      float scale = rstd[row * args.groups() + group];
      for (int c = first; c < first + args.group(); c++) {
        float gradU = scale * (r.gn[c] - r.n[c] * dot);
        boolean inside = z != null && !args.normBeforeGate();
        gradX[at + c] = inside ? gradU * r.gate[c] : gradU;
        if (gradZ != null) {
          float gradGate = inside ? gradU * x[at + c] : g[at + c] * (r.n[c] * weight[c]);
          gradZ[zAt + c] = gradSilu(z[zAt + c], gradGate);
        }
      }
    }
  }

  private static void gate(RmsNormArgs args, float[] z, int row, float[] gate) {
    if (z != null) {
      int at = row * args.gateStride() + args.gateOffset();
      for (int c = 0; c < args.width(); c++) {
        gate[c] = z[at + c] * Numerics.sigmoid(z[at + c]);
      }
    }
  }

  private static float gradSilu(float v, float g) {
    float s = Numerics.sigmoid(v);
    return g * (s * (1f + v * (1f - s)));
  }

  private static final class Row {
    final float[] gate;
    final float[] n;
    final float[] gn;
    final float[] product;

    Row(int width) {
      gate = new float[width];
      n = new float[width];
      gn = new float[width];
      product = new float[width];
    }
  }
}
