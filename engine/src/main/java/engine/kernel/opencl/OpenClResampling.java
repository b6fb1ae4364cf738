package engine.kernel.opencl;

import engine.kernel.BilinearSampleArgs;
import engine.kernel.GatherArgs;
import engine.kernel.MaxPoolArgs;
import engine.kernel.ResampleArgs;
import engine.kernel.ResampleTable;
import engine.tensor.Storage;

/** Gathers, resampling by tables, sampling at places, pooling. */
final class OpenClResampling extends OpenClFamily {
  OpenClResampling(OpenClContext context) {
    super(context, "elementwise");
  }

  void gather(GatherArgs args, Storage x, Storage y) {
    int rows = args.index().length;
    run(
        "gather",
        args.outer() * rows * args.inner(),
        args.in(),
        args.inner(),
        rows,
        constant(args.index()),
        in(x),
        out(y));
  }

  void resample(ResampleArgs args, Storage x, Storage y) {
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

  void bilinearSample(BilinearSampleArgs a, Storage x, Storage places, Storage y) {
    int items = a.batch() * a.channels() * a.points();
    run(
        "bilinear_sample",
        items,
        a.channels(),
        a.height(),
        a.width(),
        a.points(),
        in(x),
        in(places),
        out(y));
  }

  void bilinearSampleGradInput(
      BilinearSampleArgs a, Storage places, Storage gradOutput, Storage gradInput) {
    run(
        "bilinear_grad_input",
        a.batch() * a.channels(),
        a.channels(),
        a.height(),
        a.width(),
        a.points(),
        in(places),
        in(gradOutput),
        out(gradInput));
  }

  void bilinearSampleGradPlaces(
      BilinearSampleArgs a, Storage x, Storage places, Storage gradOutput, Storage gradPlaces) {
    run(
        "bilinear_grad_places",
        a.batch() * a.points(),
        a.channels(),
        a.height(),
        a.width(),
        a.points(),
        in(x),
        in(places),
        in(gradOutput),
        out(gradPlaces));
  }

  void maxPool(MaxPoolArgs a, Storage x, Storage y) {
    run(
        "max_pool",
        a.planes() * a.outHeight() * a.outWidth(),
        a.height(),
        a.width(),
        a.kernel(),
        a.stride(),
        a.outHeight(),
        a.outWidth(),
        in(x),
        out(y));
  }

  void maxPoolGradInput(MaxPoolArgs a, Storage x, Storage gradOutput, Storage gradInput) {
    run(
        "max_pool_grad",
        a.planes(),
        a.height(),
        a.width(),
        a.kernel(),
        a.stride(),
        a.outHeight(),
        a.outWidth(),
        in(x),
        in(gradOutput),
        out(gradInput));
  }
}
