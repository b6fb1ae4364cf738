package engine.kernel.opencl;

import engine.kernel.MaxPool2dKernels;
import engine.kernel.MaxPoolArgs;
import engine.tensor.Storage;

/** The largest of each window. */
final class OpenClMaxPool2d extends OpenClFamily implements MaxPool2dKernels {
  OpenClMaxPool2d(OpenClContext context) {
    super(context, "elementwise");
  }

  @Override
  public void forward(MaxPoolArgs a, Storage x, Storage y) {
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

  @Override
  public void gradInput(MaxPoolArgs a, Storage x, Storage gradOutput, Storage gradInput) {
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
