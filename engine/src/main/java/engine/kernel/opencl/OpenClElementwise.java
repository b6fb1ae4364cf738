package engine.kernel.opencl;

import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.ElementwiseKernels;
import engine.kernel.Unary;
import engine.tensor.Storage;

/** Functions of each element, broadcast where they have two. */
final class OpenClElementwise extends OpenClFamily implements ElementwiseKernels {
  private static final int AXES = OpenClCopy.AXES;

  OpenClElementwise(OpenClContext context) {
    super(context, "elementwise");
  }

  @Override
  public void addInto(Storage sum, Storage x, int n) {
    run("add_into", n, out(sum), in(x));
  }

  @Override
  public void affine(Storage x, float scale, float shift, Storage y, int n) {
    run("affine", n, in(x), scale, shift, out(y));
  }

  @Override
  public void clamp(Storage x, float low, float high, Storage y, int n) {
    run("clamp_to", n, in(x), low, high, out(y));
  }

  @Override
  public void clampGrad(
      Storage x, float low, float high, Storage gradOutput, Storage gradInput, int n) {
    run("clamp_grad", n, in(x), low, high, in(gradOutput), out(gradInput));
  }

  @Override
  public void unary(Unary f, Storage x, Storage y, int n) {
    run("unary", n, f.ordinal(), in(x), out(y));
  }

  @Override
  public void unaryGrad(
      Unary f, Storage x, Storage y, Storage gradOutput, Storage gradInput, int n) {
    run("unary_grad", n, f.ordinal(), in(x), in(y), in(gradOutput), out(gradInput));
  }

  @Override
  public void binary(Binary f, BroadcastArgs args, Storage a, Storage b, Storage y) {
    int n = args.size();
    int[] e = args.extents();
    int[] byA = args.stridesA();
    int[] byB = args.stridesB();
    switch (e.length) {
      case 1 -> run("binary1", n, f.ordinal(), byA[0], byB[0], in(a), in(b), out(y));
      case 2 ->
          run(
              "binary2",
              n,
              f.ordinal(),
              e[1],
              byA[0],
              byA[1],
              byB[0],
              byB[1],
              in(a),
              in(b),
              out(y));
      default ->
          run(
              "binary8",
              n,
              f.ordinal(),
              OpenClCopy.axes(AXES, e, 1),
              OpenClCopy.axes(AXES, byA, 0),
              OpenClCopy.axes(AXES, byB, 0),
              in(a),
              in(b),
              out(y));
    }
  }
}
