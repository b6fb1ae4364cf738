package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.GroupNormArgs;
import engine.kernel.GroupNormKernels;
import engine.kernel.NormGradients;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.ReduceArgs;
import engine.kernel.Workers;
import engine.numeric.Numerics;
import engine.tensor.Storage;

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
public class ScalarGroupNorm implements GroupNormKernels {
  private final Workers workers;
  private final Runs runs;

  /** With its loops over contiguous runs, the one thing that vectors do differently. */
  public ScalarGroupNorm(Workers workers, Runs runs) {
    this.workers = workers;
    this.runs = runs;
  }

  private static ScalarPlanes planes(GroupNormArgs args) {
    return new ScalarPlanes(
        args.batch() * args.channels(),
        args.size(),
        args.channels(),
        args.channels() / args.groups(),
        Math.max(1, args.batch() * args.groups()));
  }

  @Override
  public void forward(
      GroupNormArgs args, NormInputs in, Storage output, Storage means, Storage spreads) {
    float[] x = readOnly(in.x());
    float[] mean = array(means);
    float[] rstd = array(spreads);
    int count = args.batch() * args.groups();
    ScalarPlanes.sums(workers, runs, x, count, args.run(), mean);
    for (int i = 0; i < count; i++) {
      mean[i] /= args.run();
    }
    ScalarPlanes.squares(workers, runs, x, mean, count, args.run(), rstd);
    for (int i = 0; i < count; i++) {
      rstd[i] = Numerics.rsqrt(rstd[i] / args.run() + args.eps());
    }
    ScalarPlanes.Statistics of = new ScalarPlanes.Statistics(mean, rstd);
    planes(args)
        .normalise(workers, x, of, readOnly(in.weight()), readOnly(in.bias()), array(output));
  }

  @Override
  public void gradient(GroupNormArgs args, NormSaved saved, Storage gradOutput, NormGradients out) {
    float[] x = readOnly(saved.x());
    float[] weight = readOnly(saved.weight());
    float[] g = readOnly(gradOutput);
    ScalarPlanes.Statistics of =
        new ScalarPlanes.Statistics(readOnly(saved.mean()), readOnly(saved.spread()));
    float[] sumG = new float[args.batch() * args.channels()];
    float[] sumGx = new float[sumG.length];
    planes(args).gradSums(workers, runs, x, of, g, sumG, sumGx);
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    ScalarReduce.sum(workers, overBatch, sumGx, array(out.weight()));
    ScalarReduce.sum(workers, overBatch, sumG, array(out.bias()));
    if (out.x() != null) {
      float[] a = groupMeans(args, weight, sumG);
      float[] b = groupMeans(args, weight, sumGx);
      planes(args)
          .gradInput(workers, x, of, weight, g, new ScalarPlanes.Shares(a, b), array(out.x()));
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
