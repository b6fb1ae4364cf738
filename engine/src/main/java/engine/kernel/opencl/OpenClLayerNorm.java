package engine.kernel.opencl;

import static engine.numeric.NumericContract.SUM_CHAIN;

import engine.kernel.LayerNormArgs;
import engine.kernel.LayerNormKernels;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.ReduceArgs;
import engine.tensor.Storage;

/** Layer norm (N6), a row for one work-item or for a lane's worth of them. */
final class OpenClLayerNorm extends OpenClFamily implements LayerNormKernels {
  private final OpenClReduce reductions;

  OpenClLayerNorm(OpenClContext context, OpenClReduce reductions) {
    super(context, "norms");
    this.reductions = reductions;
  }

  @Override
  public void forward(LayerNormArgs args, NormInputs of, Storage y, Storage mean, Storage rstd) {
    runRows(
        "layer_norm",
        args.rows(),
        args.width(),
        args.eps(),
        flag(of.weight()),
        flag(of.bias()),
        in(of.x()),
        in(of.weight()),
        in(of.bias()),
        out(y),
        out(mean),
        out(rstd));
  }

  @Override
  public void gradInput(
      LayerNormArgs args, NormSaved saved, Storage gradOutput, Storage gradInput) {
    runRows(
        "layer_norm_grad_input",
        args.rows(),
        args.width(),
        flag(saved.weight()),
        in(saved.x()),
        in(saved.weight()),
        in(saved.mean()),
        in(saved.spread()),
        in(gradOutput),
        out(gradInput));
  }

  @Override
  public void gradWeight(
      LayerNormArgs args, NormSaved saved, Storage gradOutput, Storage gradWeight) {
    int blocks = Math.max(1, Math.ceilDiv(args.rows(), SUM_CHAIN));
    OpenClStorage sums = scratch(blocks * args.width());
    run(
        "layer_norm_grad_weight",
        blocks * args.width(),
        args.rows(),
        args.width(),
        in(saved.x()),
        in(saved.mean()),
        in(saved.spread()),
        in(gradOutput),
        blocks == 1 ? out(gradWeight) : sums.memory());
    if (blocks > 1) {
      reductions.sum(new ReduceArgs(1, blocks, args.width()), sums, gradWeight);
    }
    sums.release();
  }
}
