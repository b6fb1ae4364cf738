package engine.kernel.scalar;

import engine.kernel.BatchNormArgs;
import engine.kernel.ReduceArgs;
import engine.kernel.Workers;
import engine.numeric.Numerics;

/**
 * Batch norm of [batch, channels, size] (N5, N6), M = batch * size elements per channel. Sums over
 * a channel are sums of its planes, added over the batch by N5 as [1, batch, channels]. Every
 * written operation is rounded once:
 *
 * <pre>
 * mean = sum(x) / M                var = sum((x - mean) * (x - mean)) / M
 * rstd = 1 / sqrt(var + eps)       y = ((x - mean) * rstd) * weight + bias
 * xhat = (x - mean) * rstd         gradBias = sum(g), gradWeight = sum(g * xhat)
 * gradInput = ((g * weight - (weight * gradBias) / M) - xhat * ((weight * gradWeight) / M)) * rstd
 * or, where mean and var are constants, (g * weight) * rstd
 * </pre>
 */
final class ScalarBatchNorm {
  private ScalarBatchNorm() {}

  private static ScalarPlanes planes(BatchNormArgs args) {
    return new ScalarPlanes(
        args.batch() * args.channels(), args.size(), args.channels(), 1, args.channels());
  }

  private static ReduceArgs overBatch(BatchNormArgs args) {
    return new ReduceArgs(1, args.batch(), args.channels());
  }

  /** The mean and the biased variance of each channel. */
  static void statistics(
      Workers workers, Runs runs, BatchNormArgs args, float[] x, float[] mean, float[] var) {
    int planes = args.batch() * args.channels();
    float each = args.batch() * args.size();
    float[] sums = new float[planes];
    ScalarPlanes.sums(workers, runs, x, planes, args.size(), sums);
    ScalarReduce.sum(workers, overBatch(args), sums, mean);
    divide(mean, args.channels(), each);
    ScalarPlanes.squares(workers, runs, x, mean, planes, args.size(), sums);
    ScalarReduce.sum(workers, overBatch(args), sums, var);
    divide(var, args.channels(), each);
  }

  private static void divide(float[] x, int n, float by) {
    for (int i = 0; i < n; i++) {
      x[i] /= by;
    }
  }

  static void forward(
      Workers workers,
      BatchNormArgs args,
      float[] x,
      float[] weight,
      float[] bias,
      float[] mean,
      float[] var,
      float[] y) {
    planes(args).normalise(workers, x, mean, rstd(args, var), weight, bias, y);
  }

  private static float[] rstd(BatchNormArgs args, float[] var) {
    float[] rstd = new float[args.channels()];
    for (int c = 0; c < rstd.length; c++) {
      rstd[c] = Numerics.rsqrt(var[c] + args.eps());
    }
    return rstd;
  }

  /** gradInput may be null. */
  static void gradient(
      Workers workers,
      Runs runs,
      BatchNormArgs args,
      float[] x,
      float[] weight,
      float[] mean,
      float[] var,
      float[] g,
      float[] gradInput,
      float[] gradWeight,
      float[] gradBias) {
    float[] rstd = rstd(args, var);
    float[] sumG = new float[args.batch() * args.channels()];
    float[] sumGx = new float[sumG.length];
    planes(args).gradSums(workers, runs, x, mean, rstd, g, sumG, sumGx);
    ScalarReduce.sum(workers, overBatch(args), sumGx, gradWeight);
    ScalarReduce.sum(workers, overBatch(args), sumG, gradBias);
    if (gradInput == null) {
      return;
    }
    if (args.ofBatch()) {
      float[] a = weightedMeans(args, weight, gradBias);
      float[] b = weightedMeans(args, weight, gradWeight);
      planes(args).gradInput(workers, x, mean, rstd, weight, g, a, b, gradInput);
    } else {
      planes(args).scaleGradient(workers, rstd, weight, g, gradInput);
    }
  }

  private static float[] weightedMeans(BatchNormArgs args, float[] weight, float[] sums) {
    float[] means = new float[args.channels()];
    float each = args.batch() * args.size();
    for (int c = 0; c < means.length; c++) {
      means[c] = (weight[c] * sums[c]) / each;
    }
    return means;
  }
}
