package engine.kernel.opencl;

import engine.kernel.BatchNormArgs;
import engine.kernel.BatchNormKernels;
import engine.kernel.NormGradients;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.ReduceArgs;
import engine.kernel.opencl.OpenClPlanes.Planes;
import engine.kernel.opencl.OpenClPlanes.Statistics;
import engine.tensor.Storage;

/** Batch norm (N6). */
final class OpenClBatchNorm extends OpenClFamily implements BatchNormKernels {
  private final OpenClReduce reductions;
  private final OpenClPlanes planes;

  OpenClBatchNorm(OpenClContext context, OpenClReduce reductions, OpenClPlanes planes) {
    super(context, "norms");
    this.reductions = reductions;
    this.planes = planes;
  }

  private static Planes planes(BatchNormArgs a) {
    return new Planes(a.batch() * a.channels(), a.size(), a.channels(), 1, a.channels());
  }

  @Override
  public void statistics(BatchNormArgs args, Storage x, Storage mean, Storage variance) {
    int count = args.batch() * args.channels();
    float each = args.batch() * args.size();
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    OpenClStorage sums = scratch(count);
    reductions.runSums(in(x), count, args.size(), sums.memory());
    reductions.sum(overBatch, sums, mean);
    run("divide", args.channels(), each, out(mean));
    planes.squares(in(x), in(mean), count, args.size(), args.channels(), sums.memory());
    reductions.sum(overBatch, sums, variance);
    run("divide", args.channels(), each, out(variance));
    sums.release();
  }

  private OpenClStorage rstd(BatchNormArgs args, Storage variance) {
    OpenClStorage rstd = scratch(args.channels());
    run("inverse_deviation_of", args.channels(), args.eps(), in(variance), rstd.memory());
    return rstd;
  }

  @Override
  public void forward(
      BatchNormArgs args, NormInputs of, Storage mean, Storage variance, Storage y) {
    OpenClStorage rstd = rstd(args, variance);
    planes.normalise(planes(args), of, new Statistics(in(mean), rstd.memory()), y);
    rstd.release();
  }

  @Override
  public void gradient(BatchNormArgs args, NormSaved saved, Storage gradOutput, NormGradients out) {
    Planes p = planes(args);
    OpenClStorage rstd = rstd(args, saved.spread());
    Statistics by = new Statistics(in(saved.mean()), rstd.memory());
    OpenClStorage sumG = scratch(p.count());
    OpenClStorage sumGx = scratch(p.count());
    planes.gradSums(p, in(saved.x()), by, in(gradOutput), sumG.memory(), sumGx.memory());
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    reductions.sum(overBatch, sumGx, out.weight());
    reductions.sum(overBatch, sumG, out.bias());
    if (out.x() != null && args.ofBatch()) {
      OpenClStorage a = weightedMeans(args, saved.weight(), out.bias());
      OpenClStorage b = weightedMeans(args, saved.weight(), out.weight());
      planes.gradInput(p, saved, by, gradOutput, a, b, out.x());
      a.release();
      b.release();
    } else if (out.x() != null) {
      run(
          "planes_scale_gradient",
          p.count() * p.size(),
          p.size(),
          p.channels(),
          rstd.memory(),
          in(saved.weight()),
          in(gradOutput),
          out(out.x()));
    }
    rstd.release();
    sumG.release();
    sumGx.release();
  }

  private OpenClStorage weightedMeans(BatchNormArgs args, Storage weight, Storage sums) {
    OpenClStorage means = scratch(args.channels());
    float each = args.batch() * args.size();
    run("weighted_means", args.channels(), each, in(weight), in(sums), means.memory());
    return means;
  }
}
