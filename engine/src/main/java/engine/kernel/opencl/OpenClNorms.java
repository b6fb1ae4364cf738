package engine.kernel.opencl;

import engine.kernel.BatchNormArgs;
import engine.kernel.GroupNormArgs;
import engine.kernel.LayerNormArgs;
import engine.kernel.ReduceArgs;
import engine.tensor.Storage;
import org.jocl.cl_mem;

/** Norms and softmax (N6, N7). */
final class OpenClNorms extends OpenClFamily {
  private final OpenClSums reductions;

  OpenClNorms(OpenClContext context, OpenClSums reductions) {
    super(context, "norms");
    this.reductions = reductions;
  }

  void layerNorm(
      LayerNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage y,
      Storage mean,
      Storage rstd) {
    runRows(
        "layer_norm",
        args.rows(),
        args.width(),
        args.eps(),
        flag(weight),
        flag(bias),
        in(x),
        in(weight),
        in(bias),
        out(y),
        out(mean),
        out(rstd));
  }

  void layerNormGradInput(
      LayerNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradInput) {
    runRows(
        "layer_norm_grad_input",
        args.rows(),
        args.width(),
        flag(weight),
        in(x),
        in(weight),
        in(mean),
        in(rstd),
        in(gradOutput),
        out(gradInput));
  }

  void layerNormGradWeight(
      LayerNormArgs args,
      Storage x,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradWeight) {
    int blocks = Math.max(1, Math.ceilDiv(args.rows(), OpenClSums.CHAIN));
    OpenClStorage sums = scratch(blocks * args.width());
    run(
        "layer_norm_grad_weight",
        blocks * args.width(),
        args.rows(),
        args.width(),
        in(x),
        in(mean),
        in(rstd),
        in(gradOutput),
        blocks == 1 ? out(gradWeight) : sums.memory());
    if (blocks > 1) {
      reductions.reduceSum(new ReduceArgs(1, blocks, args.width()), sums, gradWeight);
    }
    sums.release();
  }

  void groupNorm(
      GroupNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage y,
      Storage mean,
      Storage rstd) {
    int count = args.batch() * args.groups();
    float run = args.run();
    reductions.runSums(in(x), count, args.run(), out(mean));
    run("divide", count, run, out(mean));
    OpenClStorage squares = scratch(count);
    squares(in(x), in(mean), count, args.run(), count, squares.memory());
    run("inverse_deviation", count, run, args.eps(), squares.memory(), out(rstd));
    squares.release();
    normalise(planes(args), in(x), in(mean), in(rstd), in(weight), in(bias), out(y));
  }

  /**
   * How planes share statistics: {@code engine.kernel.scalar.ScalarPlanes}.
   *
   * @param shared neighbouring planes that share one mean and rstd
   */
  private record Planes(int count, int size, int channels, int shared, int statistics) {}

  private static Planes planes(GroupNormArgs a) {
    return new Planes(
        a.batch() * a.channels(),
        a.size(),
        a.channels(),
        a.channels() / a.groups(),
        Math.max(1, a.batch() * a.groups()));
  }

  private static Planes planes(BatchNormArgs a) {
    return new Planes(a.batch() * a.channels(), a.size(), a.channels(), 1, a.channels());
  }

  /** Sums of squares around means, run r taking mean r mod {@code means}. */
  private void squares(cl_mem x, cl_mem mean, int count, int length, int means, cl_mem y) {
    int blocks = Math.max(1, Math.ceilDiv(length, OpenClSums.BLOCK));
    OpenClStorage sums = scratch(count * blocks);
    runRows(
        "centred_squares",
        count * blocks,
        length,
        blocks,
        Math.max(1, means),
        x,
        mean,
        sums.memory());
    reductions.runSums(sums.memory(), count, blocks, y);
    sums.release();
  }

  private void normalise(
      Planes p, cl_mem x, cl_mem mean, cl_mem rstd, cl_mem weight, cl_mem bias, cl_mem y) {
    run(
        "planes_normalise",
        p.count * p.size,
        p.size,
        p.channels,
        p.shared,
        p.statistics,
        x,
        mean,
        rstd,
        weight,
        bias,
        y);
  }

  /** Per plane the sums of g and of g * xhat. */
  private void gradSums(
      Planes p, cl_mem x, cl_mem mean, cl_mem rstd, cl_mem g, cl_mem sumG, cl_mem sumGx) {
    int blocks = Math.max(1, Math.ceilDiv(p.size, OpenClSums.BLOCK));
    OpenClStorage partG = scratch(p.count * blocks);
    OpenClStorage partGx = scratch(p.count * blocks);
    runRows(
        "planes_grad_sums",
        p.count * blocks,
        p.size,
        blocks,
        p.shared,
        p.statistics,
        x,
        mean,
        rstd,
        g,
        partG.memory(),
        partGx.memory());
    reductions.runSums(partG.memory(), p.count, blocks, sumG);
    reductions.runSums(partGx.memory(), p.count, blocks, sumGx);
    partG.release();
    partGx.release();
  }

  private void planesGradInput(
      Planes p,
      Storage x,
      cl_mem mean,
      cl_mem rstd,
      Storage weight,
      Storage g,
      OpenClStorage a,
      OpenClStorage b,
      Storage gradInput) {
    run(
        "planes_grad_input",
        p.count * p.size,
        p.size,
        p.channels,
        p.shared,
        p.statistics,
        in(x),
        mean,
        rstd,
        in(weight),
        in(g),
        a.memory(),
        b.memory(),
        out(gradInput));
  }

  void groupNormGrad(
      GroupNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage rstd,
      Storage gradOutput,
      Storage gradInput,
      Storage gradWeight,
      Storage gradBias) {
    Planes p = planes(args);
    OpenClStorage sumG = scratch(p.count);
    OpenClStorage sumGx = scratch(p.count);
    gradSums(p, in(x), in(mean), in(rstd), in(gradOutput), sumG.memory(), sumGx.memory());
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    reductions.reduceSum(overBatch, sumGx, gradWeight);
    reductions.reduceSum(overBatch, sumG, gradBias);
    if (gradInput != null) {
      OpenClStorage a = groupMeans(args, weight, sumG);
      OpenClStorage b = groupMeans(args, weight, sumGx);
      planesGradInput(p, x, in(mean), in(rstd), weight, gradOutput, a, b, gradInput);
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

  void batchNormStatistics(BatchNormArgs args, Storage x, Storage mean, Storage variance) {
    int planes = args.batch() * args.channels();
    float each = args.batch() * args.size();
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    OpenClStorage sums = scratch(planes);
    reductions.runSums(in(x), planes, args.size(), sums.memory());
    reductions.reduceSum(overBatch, sums, mean);
    run("divide", args.channels(), each, out(mean));
    squares(in(x), in(mean), planes, args.size(), args.channels(), sums.memory());
    reductions.reduceSum(overBatch, sums, variance);
    run("divide", args.channels(), each, out(variance));
    sums.release();
  }

  private OpenClStorage rstd(BatchNormArgs args, Storage variance) {
    OpenClStorage rstd = scratch(args.channels());
    run("inverse_deviation_of", args.channels(), args.eps(), in(variance), rstd.memory());
    return rstd;
  }

  void batchNorm(
      BatchNormArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage mean,
      Storage variance,
      Storage y) {
    OpenClStorage rstd = rstd(args, variance);
    normalise(planes(args), in(x), in(mean), rstd.memory(), in(weight), in(bias), out(y));
    rstd.release();
  }

  void batchNormGrad(
      BatchNormArgs args,
      Storage x,
      Storage weight,
      Storage mean,
      Storage variance,
      Storage gradOutput,
      Storage gradInput,
      Storage gradWeight,
      Storage gradBias) {
    Planes p = planes(args);
    OpenClStorage rstd = rstd(args, variance);
    OpenClStorage sumG = scratch(p.count);
    OpenClStorage sumGx = scratch(p.count);
    gradSums(p, in(x), in(mean), rstd.memory(), in(gradOutput), sumG.memory(), sumGx.memory());
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.channels());
    reductions.reduceSum(overBatch, sumGx, gradWeight);
    reductions.reduceSum(overBatch, sumG, gradBias);
    if (gradInput != null && args.ofBatch()) {
      OpenClStorage a = weightedMeans(args, weight, gradBias);
      OpenClStorage b = weightedMeans(args, weight, gradWeight);
      planesGradInput(p, x, in(mean), rstd.memory(), weight, gradOutput, a, b, gradInput);
      a.release();
      b.release();
    } else if (gradInput != null) {
      run(
          "planes_scale_gradient",
          p.count * p.size,
          p.size,
          p.channels,
          rstd.memory(),
          in(weight),
          in(gradOutput),
          out(gradInput));
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

  void softmax(int rows, int n, Storage x, Storage y) {
    runRows("softmax", rows, n, in(x), out(y));
  }

  void softmaxGrad(int rows, int n, Storage y, Storage gradOutput, Storage gradInput) {
    runRows("softmax_grad", rows, n, in(y), in(gradOutput), out(gradInput));
  }
}
