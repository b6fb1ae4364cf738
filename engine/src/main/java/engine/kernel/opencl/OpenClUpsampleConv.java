package engine.kernel.opencl;

import engine.kernel.UpsampleConvArgs;
import engine.kernel.UpsampleConvKernels;
import engine.tensor.Storage;

/**
 * Doubling by nearest neighbours, then 3x3, in its sub-pixel form: a convolution of summed weights.
 */
final class OpenClUpsampleConv extends OpenClFamily implements UpsampleConvKernels {
  private final OpenClConv3d convolutions;

  OpenClUpsampleConv(OpenClContext context, OpenClConv3d convolutions) {
    super(context, "convolutions");
    this.convolutions = convolutions;
  }

  @Override
  public void forward(UpsampleConvArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    OpenClStorage spread = spread(args, weight);
    convolutions.gradInput(args.transposed(), x, spread, bias, y);
    spread.release();
  }

  @Override
  public void gradInput(UpsampleConvArgs args, Storage g, Storage weight, Storage gx) {
    OpenClStorage spread = spread(args, weight);
    convolutions.forward(args.transposed(), g, spread, null, gx);
    spread.release();
  }

  @Override
  public void gradWeight(UpsampleConvArgs args, Storage x, Storage g, Storage gw) {
    int pairs = args.ci() * args.co();
    OpenClStorage spread = scratch(pairs * UpsampleConvArgs.SPREAD);
    convolutions.gradWeight(args.transposed(), g, x, spread);
    run("upsample_gather", pairs, args.ci(), args.co(), in(spread), out(gw));
    spread.release();
  }

  private OpenClStorage spread(UpsampleConvArgs args, Storage weight) {
    int pairs = args.ci() * args.co();
    OpenClStorage spread = scratch(pairs * UpsampleConvArgs.SPREAD);
    run("upsample_spread", pairs, args.ci(), args.co(), in(weight), out(spread));
    return spread;
  }
}
