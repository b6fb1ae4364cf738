package tools.bench;

import engine.kernel.Conv3dArgs;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.tensor.Tensor;

/**
 * A convolution or one of its two gradients, each n co (ci/groups) taps positions multiply-adds. A
 * 2-D convolution has one frame or a kernel of one frame.
 */
public record Convolution(Pass pass, Conv3dArgs args) implements Operation {
  /** A kernel k x k x k over [1, ci, t, h, w], with what is put around space alone. */
  static Conv3dArgs volume(int ci, int co, int t, int side, int k, Padding3 padding) {
    return new Conv3dArgs(1, ci, t, side, side, co, k, k, k, Stride3.ONE, padding, 1);
  }

  /** A kernel 1 x k x k over the frames of [1, ci, t, h, w]. */
  static Conv3dArgs frames(
      int ci, int co, int t, int side, int k, Stride3 stride, Padding3 padding) {
    return new Conv3dArgs(1, ci, t, side, side, co, 1, k, k, stride, padding, 1);
  }

  @Override
  public Work work() {
    long outputs = (long) args.n() * args.co() * args.positions();
    long inputs = (long) args.n() * args.ci() * args.t() * args.h() * args.w();
    long weights = (long) args.co() * args.groupIn() * args.taps();
    return Work.products(outputs * args.groupIn() * args.taps(), inputs + weights + outputs);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Conv3dArgs a = args;
    Tensor x = pass.input(tensors.of(a.n(), a.ci(), a.t(), a.h(), a.w()));
    Tensor w = pass.weight(tensors.of(a.co(), a.groupIn(), a.kt(), a.kh(), a.kw()));
    return Task.of(
        pass, tensors, () -> Conv.conv3d(x, w, null, a.stride(), a.padding(), a.groups()));
  }
}
