package engine.kernel.opencl;

import engine.kernel.ResampleArgs;
import engine.kernel.ResampleKernels;
import engine.kernel.ResampleTable;
import engine.tensor.Storage;

/** Resampling along an axis by tables. */
final class OpenClResample extends OpenClFamily implements ResampleKernels {
  OpenClResample(OpenClContext context) {
    super(context, "elementwise");
  }

  @Override
  public void apply(ResampleArgs args, Storage x, Storage y) {
    ResampleTable table = args.table();
    run(
        "resample",
        args.outer() * table.out() * args.inner(),
        table.in(),
        args.inner(),
        table.out(),
        constant(table.start()),
        constant(table.source()),
        constant(table.weight()),
        in(x),
        out(y));
  }
}
