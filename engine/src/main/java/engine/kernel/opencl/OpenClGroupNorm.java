package engine.kernel.opencl;

import engine.kernel.GroupNormArgs;
import engine.kernel.GroupNormKernels;
import engine.kernel.NormGradients;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.ReduceArgs;
import engine.kernel.opencl.OpenClPlanes.Planes;
import engine.kernel.opencl.OpenClPlanes.Statistics;
import engine.tensor.Storage;

/** Group norm (N6). */
final class OpenClGroupNorm extends OpenClFamily implements GroupNormKernels {
  private final OpenClReduce reductions;
  private final OpenClPlanes planes;

  OpenClGroupNorm(OpenClContext context, OpenClReduce reductions, OpenClPlanes planes) {
    super(context, "norms");
    this.reductions = reductions;
    this.planes = planes;
  }

  private static Planes planes(GroupNormArgs a) {
    return new Planes(
        a.batch() * a.channels(),
        a.size(),
        a.channels(),
        a.channels() / a.groups(),
        Math.max(1, a.batch() * a.groups()));
  }

  @Override
  public void forward(GroupNormArgs args, NormInputs of, Storage y, Storage mean, Storage rstd) {
    int count = args.batch() * args.groups();
    float run = args.run();
    reductions.runSums(in(of.x()), count, args.run(), out(mean));
    run("divide", count, run, out(mean));
    OpenClStorage squares = scratch(count);
    planes.squares(in(of.x()), in(mean), count, args.run(), count, squares.memory());
    run("inverse_deviation", count, run, args.eps(), squares.memory(), out(rstd));
    squares.release();
    planes.normalise(planes(args), of, new Statistics(in(mean), in(rstd)), y);
  }

  @Override
  public void gradient(GroupNormArgs args, NormSaved saved, Storage gradOutput, NormGradients out) {
    Planes p = planes(args);
    Statistics by = new Statistics(in(saved.mean()), in(saved.spread()));
    OpenClStorage sumG = scratch(p.count());
    OpenClStorage sumGx = scratch(p.count());
    planes.gradSums(p, in(saved.x()), by, in(gradOutput), sumG.memory(), sumGx.memory());
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    reductions.sum(overBatch, sumGx, out.weight());
    reductions.sum(overBatch, sumG, out.bias());
    if (out.x() != null) {
      OpenClStorage a = groupMeans(args, saved.weight(), sumG);
      OpenClStorage b = groupMeans(args, saved.weight(), sumGx);
      planes.gradInput(p, saved, by, gradOutput, a, b, out.x());
      a.release();
      b.release();
    }
    sumG.release();
    sumGx.release();
  }

  private OpenClStorage groupMeans(GroupNormArgs args, Storage weight, OpenClStorage sums) {
    int count = args.batch() * args.groups();
    OpenClStorage means = scratch(count);
    int each = args.channels() / args.groups();
    float run = args.run();
    run(
        "group_means",
        count,
        each,
        args.channels(),
        run,
        in(weight),
        sums.memory(),
        means.memory());
    return means;
  }
}
