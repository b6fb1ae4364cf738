package engine.kernel.opencl;

import engine.kernel.MaxPool3dKernels;
import engine.kernel.MaxPoolArgs;
import engine.tensor.Storage;
import org.jocl.cl_mem;

/** The largest of each window. */
final class OpenClMaxPool3d extends OpenClFamily implements MaxPool3dKernels {
  OpenClMaxPool3d(OpenClContext context) {
    super(context, "elementwise");
  }

  @Override
  public void forward(MaxPoolArgs a, Storage x, Storage y) {
    int outputs = a.volumes() * a.outT() * a.outH() * a.outW();
    run("max_pool", outputs, sizes(a), in(x), out(y));
  }

  @Override
  public void gradInput(MaxPoolArgs a, Storage x, Storage gradOutput, Storage gradInput) {
    run("max_pool_grad", a.volumes(), sizes(a), in(x), in(gradOutput), out(gradInput));
  }

  /** In the order of the enumeration in max_pool3d.cl. */
  private cl_mem sizes(MaxPoolArgs a) {
    return constant(
        new int[] {
          a.t(), a.h(), a.w(),
          a.outT(), a.outH(), a.outW(),
          a.kernel().t(), a.kernel().h(), a.kernel().w(),
          a.stride().t(), a.stride().h(), a.stride().w(),
          a.padding().front(), a.padding().top(), a.padding().left()
        });
  }
}
