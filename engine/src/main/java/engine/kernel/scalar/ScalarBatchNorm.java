package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.BatchNormArgs;
import engine.kernel.BatchNormKernels;
import engine.kernel.NormGradients;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.ReduceArgs;
import engine.kernel.Workers;
import engine.numeric.Numerics;
import engine.tensor.Storage;

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
public class ScalarBatchNorm implements BatchNormKernels {
  private final Workers workers;
  private final Runs runs;

  /** With its loops over contiguous runs, the one thing that vectors do differently. */
  public ScalarBatchNorm(Workers workers, Runs runs) {
    this.workers = workers;
    this.runs = runs;
  }

  private static ScalarPlanes planes(BatchNormArgs args) {
    return new ScalarPlanes(
        args.batch() * args.channels(), args.size(), args.channels(), 1, args.channels());
  }

  private static ReduceArgs overBatch(BatchNormArgs args) {
    return new ReduceArgs(1, args.batch(), args.channels());
  }

  @Override
  public void statistics(BatchNormArgs args, Storage input, Storage means, Storage variance) {
    float[] x = readOnly(input);
    float[] mean = array(means);
    float[] var = array(variance);
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

  @Override
  public void forward(
      BatchNormArgs args, NormInputs in, Storage mean, Storage variance, Storage y) {
    ScalarPlanes.Statistics of =
        new ScalarPlanes.Statistics(readOnly(mean), rstd(args, readOnly(variance)));
    planes(args)
        .normalise(
            workers, readOnly(in.x()), of, readOnly(in.weight()), readOnly(in.bias()), array(y));
  }

  private static float[] rstd(BatchNormArgs args, float[] var) {
    float[] rstd = new float[args.channels()];
    for (int c = 0; c < rstd.length; c++) {
      rstd[c] = Numerics.rsqrt(var[c] + args.eps());
    }
    return rstd;
  }

  @Override
  public void gradient(BatchNormArgs args, NormSaved saved, Storage gradOutput, NormGradients out) {
    float[] x = readOnly(saved.x());
    float[] weight = readOnly(saved.weight());
    float[] g = readOnly(gradOutput);
    float[] gradWeight = array(out.weight());
    float[] gradBias = array(out.bias());
    float[] rstd = rstd(args, readOnly(saved.spread()));
    ScalarPlanes.Statistics of = new ScalarPlanes.Statistics(readOnly(saved.mean()), rstd);
    float[] sumG = new float[args.batch() * args.channels()];
    float[] sumGx = new float[sumG.length];
    planes(args).gradSums(workers, runs, x, of, g, sumG, sumGx);
    ScalarReduce.sum(workers, overBatch(args), sumGx, gradWeight);
    ScalarReduce.sum(workers, overBatch(args), sumG, gradBias);
    if (out.x() == null) {
      return;
    }
    if (args.ofBatch()) {
      float[] a = weightedMeans(args, weight, gradBias);
      float[] b = weightedMeans(args, weight, gradWeight);
      planes(args)
          .gradInput(workers, x, of, weight, g, new ScalarPlanes.Shares(a, b), array(out.x()));
    } else {
      planes(args).scaleGradient(workers, rstd, weight, g, array(out.x()));
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
