package engine.kernel.scalar;

import engine.kernel.LayerNormArgs;
import engine.kernel.Numerics;
import engine.kernel.ReduceArgs;
import engine.kernel.Workers;

/**
 * Layer norm of [rows, width] (N5, N6). Every written operation is rounded once:
 *
 * <pre>
 * mean = sum(x) / width            var = sum((x - mean) * (x - mean)) / width
 * rstd = 1 / sqrt(var + eps)       y = ((x - mean) * rstd) * weight + bias
 * xhat = (x - mean) * rstd         h = g * weight
 * gradInput = ((h - sum(h) / width) - xhat * (sum(h * xhat) / width)) * rstd
 * gradWeight = sum over rows of g * xhat, gradBias = sum over rows of g
 * </pre>
 *
 * <p>Sums within a row are runs of N5. gradWeight is a chain per column in blocks of 512 rows, the
 * block sums [blocks, width] reduced by N5 over the blocks; gradBias is the N5 sum of [1, rows,
 * width] over the rows.
 */
final class ScalarLayerNorm {
  private static final int GRAIN = 8192;
  private static final int COLUMNS = 64;

  private ScalarLayerNorm() {}

  static void forward(
      Workers workers,
      Runs runs,
      LayerNormArgs args,
      float[] x,
      float[] weight,
      float[] bias,
      float[] y,
      float[] mean,
      float[] rstd) {
    int width = args.width();
    workers.ranges(
        args.rows(),
        grain(width),
        (from, to) -> {
          float[] squares = new float[width];
          for (int row = from; row < to; row++) {
            float m = runs.sum(x, row * width, width) / width;
            squares(x, row * width, m, squares, width);
            float r = Numerics.rsqrt(runs.sum(squares, 0, width) / width + args.eps());
            normalise(x, row * width, m, r, y, width);
            scaleAndShift(weight, bias, y, row * width, width);
            mean[row] = m;
            rstd[row] = r;
          }
        });
  }

  /** squares[i] = (x[at + i] - m) * (x[at + i] - m). */
  static void squares(float[] x, int at, float m, float[] squares, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[at + i] - m;
      squares[i] = d * d;
    }
  }

  private static void normalise(float[] x, int at, float m, float r, float[] y, int n) {
    for (int i = at; i < at + n; i++) {
      y[i] = (x[i] - m) * r;
    }
  }

  private static void scaleAndShift(float[] weight, float[] bias, float[] y, int at, int n) {
    if (weight != null) {
      for (int i = 0; i < n; i++) {
        y[at + i] *= weight[i];
      }
    }
    if (bias != null) {
      for (int i = 0; i < n; i++) {
        y[at + i] += bias[i];
      }
    }
  }

  static void gradInput(
      Workers workers,
      Runs runs,
      LayerNormArgs args,
      float[] x,
      float[] weight,
      float[] mean,
      float[] rstd,
      float[] g,
      float[] gx) {
    int width = args.width();
    workers.ranges(
        args.rows(),
        grain(width),
        (from, to) -> {
          float[] h = new float[width];
          float[] xhat = new float[width];
          float[] product = new float[width];
          for (int row = from; row < to; row++) {
            int at = row * width;
            float r = rstd[row];
            scaled(g, at, weight, h, width);
            centred(x, at, mean[row], r, xhat, width);
            float a = runs.sum(h, 0, width) / width;
            times(h, xhat, product, width);
            float b = runs.sum(product, 0, width) / width;
            for (int i = 0; i < width; i++) {
              gx[at + i] = ((h[i] - a) - xhat[i] * b) * r;
            }
          }
        });
  }

  private static void scaled(float[] g, int at, float[] weight, float[] h, int n) {
    if (weight == null) {
      System.arraycopy(g, at, h, 0, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      h[i] = g[at + i] * weight[i];
    }
  }

  private static void centred(float[] x, int at, float m, float r, float[] xhat, int n) {
    for (int i = 0; i < n; i++) {
      xhat[i] = (x[at + i] - m) * r;
    }
  }

  private static void times(float[] a, float[] b, float[] product, int n) {
    for (int i = 0; i < n; i++) {
      product[i] = a[i] * b[i];
    }
  }

  /** Columns and blocks of 512 rows are split among the workers; block sums are joined after. */
  static void gradWeight(
      Workers workers,
      LayerNormArgs args,
      float[] x,
      float[] mean,
      float[] rstd,
      float[] g,
      float[] gw) {
    int width = args.width();
    int blocks = Math.max(1, (args.rows() + ScalarReduce.CHAIN - 1) / ScalarReduce.CHAIN);
    float[] sums = blocks == 1 ? gw : new float[blocks * width];
    int strips = (width + COLUMNS - 1) / COLUMNS;
    workers.ranges(
        blocks * strips,
        Math.max(1, 2 * GRAIN / (COLUMNS * Math.clamp(args.rows(), 1, ScalarReduce.CHAIN))),
        (from, to) -> {
          for (int task = from; task < to; task++) {
            int block = task / strips;
            int low = task % strips * COLUMNS;
            int high = Math.min(width, low + COLUMNS);
            int first = block * ScalarReduce.CHAIN;
            int last = Math.min(args.rows(), first + ScalarReduce.CHAIN);
            java.util.Arrays.fill(sums, block * width + low, block * width + high, 0f);
            for (int row = first; row < last; row++) {
              addProducts(x, g, row * width, mean[row], rstd[row], sums, block * width, low, high);
            }
          }
        });
    if (blocks > 1) {
      ScalarReduce.sum(workers, new ReduceArgs(1, blocks, width), sums, gw);
    }
  }

  private static void addProducts(
      float[] x, float[] g, int at, float m, float r, float[] sums, int to, int low, int high) {
    for (int i = low; i < high; i++) {
      sums[to + i] += g[at + i] * ((x[at + i] - m) * r);
    }
  }

  private static int grain(int width) {
    return Math.max(1, GRAIN / Math.max(1, width));
  }
}
