package engine.kernel.opencl;

import engine.kernel.SoftmaxKernels;
import engine.tensor.Storage;

/** Softmax of rows (N7). */
final class OpenClSoftmax extends OpenClFamily implements SoftmaxKernels {
  OpenClSoftmax(OpenClContext context) {
    super(context, "norms");
  }

  @Override
  public void forward(int rows, int n, Storage x, Storage y) {
    runRows("softmax", rows, n, in(x), out(y));
  }

  @Override
  public void gradient(int rows, int n, Storage y, Storage gradOutput, Storage gradInput) {
    runRows("softmax_grad", rows, n, in(y), in(gradOutput), out(gradInput));
  }
}
