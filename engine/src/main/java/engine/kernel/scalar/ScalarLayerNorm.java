package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.LayerNormArgs;
import engine.kernel.LayerNormKernels;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.ReduceArgs;
import engine.kernel.Workers;
import engine.numeric.Numerics;
import engine.tensor.Storage;

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
public class ScalarLayerNorm implements LayerNormKernels {
  private static final int GRAIN = 8192;
  private static final int COLUMNS = 64;

  private final Workers workers;
  private final Runs runs;

  /** With its loops over contiguous runs, the one thing that vectors do differently. */
  public ScalarLayerNorm(Workers workers, Runs runs) {
    this.workers = workers;
    this.runs = runs;
  }

  @Override
  public void forward(
      LayerNormArgs args, NormInputs in, Storage output, Storage means, Storage spreads) {
    float[] x = readOnly(in.x());
    float[] weight = readOnlyOrNull(in.weight());
    float[] bias = readOnlyOrNull(in.bias());
    float[] y = array(output);
    float[] mean = array(means);
    float[] rstd = array(spreads);
    int width = args.width();
    workers.ranges(
        args.rows(),
        grain(width),
        (from, to) -> {
          float[] squares = new float[width];
          for (int row = from; row < to; row++) {
            float m = runs.sum(x, row * width, width) / width;
            runs.squares(x, row * width, m, squares, width);
            float r = Numerics.rsqrt(runs.sum(squares, 0, width) / width + args.eps());
            runs.normalise(x, row * width, m, r, weight, bias, y, width);
            mean[row] = m;
            rstd[row] = r;
          }
        });
  }

  @Override
  public void gradInput(
      LayerNormArgs args, NormSaved saved, Storage gradOutput, Storage gradInput) {
    float[] x = readOnly(saved.x());
    float[] weight = readOnlyOrNull(saved.weight());
    float[] mean = readOnly(saved.mean());
    float[] rstd = readOnly(saved.spread());
    float[] g = readOnly(gradOutput);
    float[] gx = array(gradInput);
    int width = args.width();
    workers.ranges(
        args.rows(),
        grain(width),
        (from, to) -> {
          float[] h = new float[width];
          float[] product = new float[width];
          for (int row = from; row < to; row++) {
            int at = row * width;
            float m = mean[row];
            float r = rstd[row];
            runs.gradTerms(g, x, at, m, r, weight, h, product, width);
            float a = runs.sum(h, 0, width) / width;
            float b = runs.sum(product, 0, width) / width;
            runs.gradient(h, x, at, m, r, a, b, gx, 0, width);
          }
        });
  }

  /** Columns and blocks of 512 rows are split among the workers; block sums are joined after. */
  @Override
  public void gradWeight(
      LayerNormArgs args, NormSaved saved, Storage gradOutput, Storage gradWeight) {
    float[] x = readOnly(saved.x());
    float[] mean = readOnly(saved.mean());
    float[] rstd = readOnly(saved.spread());
    float[] g = readOnly(gradOutput);
    float[] gw = array(gradWeight);
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
              runs.addProducts(
                  g,
                  x,
                  row * width + low,
                  mean[row],
                  rstd[row],
                  sums,
                  block * width + low,
                  high - low);
            }
          }
        });
    if (blocks > 1) {
      ScalarReduce.sum(workers, new ReduceArgs(1, blocks, width), sums, gw);
    }
  }

  private static int grain(int width) {
    return Math.max(1, GRAIN / Math.max(1, width));
  }
}
