package engine.kernel.scalar;

import engine.kernel.GroupNormArgs;
import engine.kernel.ReduceArgs;
import engine.kernel.Workers;
import engine.numeric.Numerics;

/**
 * Group norm of [batch, channels, size] (N5, N6). A group of a batch item is one run of R =
 * channels / groups * size elements. Every written operation is rounded once:
 *
 * <pre>
 * mean = sum(x) / R                var = sum((x - mean) * (x - mean)) / R
 * rstd = 1 / sqrt(var + eps)       y = ((x - mean) * rstd) * weight + bias
 * xhat = (x - mean) * rstd
 * S[n,c] = sum of g over a plane   T[n,c] = sum of g * xhat over a plane
 * a = (sum over the group's channels, one ascending chain, of weight * S) / R, b the same of T
 * gradInput = ((g * weight - a) - xhat * b) * rstd
 * gradWeight = N5 sum of T [1,batch,channels] over the batch, gradBias of S
 * </pre>
 */
final class ScalarGroupNorm {
  private ScalarGroupNorm() {}

  private static ScalarPlanes planes(GroupNormArgs args) {
    return new ScalarPlanes(
        args.batch() * args.channels(),
        args.size(),
        args.channels(),
        args.channels() / args.groups(),
        Math.max(1, args.batch() * args.groups()));
  }

  static void forward(
      Workers workers,
      Runs runs,
      GroupNormArgs args,
      float[] x,
      float[] weight,
      float[] bias,
      float[] y,
      float[] mean,
      float[] rstd) {
    int count = args.batch() * args.groups();
    ScalarPlanes.sums(workers, runs, x, count, args.run(), mean);
    for (int i = 0; i < count; i++) {
      mean[i] /= args.run();
    }
    ScalarPlanes.squares(workers, runs, x, mean, count, args.run(), rstd);
    for (int i = 0; i < count; i++) {
      rstd[i] = Numerics.rsqrt(rstd[i] / args.run() + args.eps());
    }
    planes(args).normalise(workers, x, mean, rstd, weight, bias, y);
  }

  /** gradInput may be null. */
  static void gradient(
      Workers workers,
      Runs runs,
      GroupNormArgs args,
      float[] x,
      float[] weight,
      float[] mean,
      float[] rstd,
      float[] g,
      float[] gradInput,
      float[] gradWeight,
      float[] gradBias) {
    float[] sumG = new float[args.batch() * args.channels()];
    float[] sumGx = new float[sumG.length];
    planes(args).gradSums(workers, runs, x, mean, rstd, g, sumG, sumGx);
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    ScalarReduce.sum(workers, overBatch, sumGx, gradWeight);
    ScalarReduce.sum(workers, overBatch, sumG, gradBias);
    if (gradInput != null) {
      float[] a = groupMeans(args, weight, sumG);
      float[] b = groupMeans(args, weight, sumGx);
      planes(args).gradInput(workers, x, mean, rstd, weight, g, a, b, gradInput);
    }
  }

  private static float[] groupMeans(GroupNormArgs args, float[] weight, float[] sums) {
    int each = args.channels() / args.groups();
    float[] means = new float[args.batch() * args.groups()];
    for (int i = 0; i < means.length; i++) {
      float chain = 0f;
      for (int p = i * each; p < (i + 1) * each; p++) {
        chain += weight[p % args.channels()] * sums[p];
      }
      means[i] = chain / args.run();
    }
    return means;
  }
}
