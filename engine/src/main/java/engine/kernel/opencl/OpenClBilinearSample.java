package engine.kernel.opencl;

import engine.kernel.BilinearSampleArgs;
import engine.kernel.BilinearSampleKernels;
import engine.tensor.Storage;

/** Reading between pixels, one task for each plane where gradients meet. */
final class OpenClBilinearSample extends OpenClFamily implements BilinearSampleKernels {
  OpenClBilinearSample(OpenClContext context) {
    super(context, "elementwise");
  }

  @Override
  public void forward(BilinearSampleArgs a, Storage x, Storage places, Storage y) {
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

  @Override
  public void gradInput(
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

  @Override
  public void gradPlaces(
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
}
