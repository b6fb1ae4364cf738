package engine.kernel.opencl;

import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.CopyArgs;
import engine.kernel.Unary;
import engine.tensor.Storage;
import java.util.Arrays;

/** Elementwise functions, broadcasting and strided copies. */
final class OpenClElementwise extends OpenClFamily {
  private static final int FEW_AXES = 4;
  private static final int AXES = 8;

  OpenClElementwise(OpenClContext context) {
    super(context, "elementwise");
  }

  /** The last of so many axes; those before have the value that makes them vanish. */
  private static int[] axes(int count, int[] values, int rest) {
    if (values.length > count) {
      throw new IllegalArgumentException(
          "[opencl] %d axes that cannot be joined; %d at most".formatted(values.length, count));
    }
    int[] all = new int[count];
    Arrays.fill(all, 0, count - values.length, rest);
    System.arraycopy(values, 0, all, count - values.length, values.length);
    return all;
  }

  void copy(Storage x, Storage y, int n) {
    context().copy(in(x), out(y), n);
  }

  void fill(Storage x, float value, int n) {
    run("fill", n, value, out(x));
  }

  void addInto(Storage sum, Storage x, int n) {
    run("add_into", n, out(sum), in(x));
  }

  void affine(Storage x, float scale, float shift, Storage y, int n) {
    run("affine", n, in(x), scale, shift, out(y));
  }

  void clamp(Storage x, float low, float high, Storage y, int n) {
    run("clamp_to", n, in(x), low, high, out(y));
  }

  void clampGrad(Storage x, float low, float high, Storage gradOutput, Storage gradInput, int n) {
    run("clamp_grad", n, in(x), low, high, in(gradOutput), out(gradInput));
  }

  void unary(Unary f, Storage x, Storage y, int n) {
    run("unary", n, f.ordinal(), in(x), out(y));
  }

  void unaryGrad(Unary f, Storage x, Storage y, Storage gradOutput, Storage gradInput, int n) {
    run("unary_grad", n, f.ordinal(), in(x), in(y), in(gradOutput), out(gradInput));
  }

  void binary(Binary f, BroadcastArgs args, Storage a, Storage b, Storage y) {
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
              axes(AXES, e, 1),
              axes(AXES, byA, 0),
              axes(AXES, byB, 0),
              in(a),
              in(b),
              out(y));
    }
  }

  void stridedCopy(CopyArgs args, Storage x, Storage y) {
    int n = Arrays.stream(args.extents()).reduce(1, (a, b) -> a * b);
    int axes = args.extents().length <= FEW_AXES ? FEW_AXES : AXES;
    run(
        "strided_copy" + axes,
        n,
        axes(axes, args.extents(), 1),
        args.offsetX(),
        axes(axes, args.stridesX(), 0),
        args.offsetY(),
        axes(axes, args.stridesY(), 0),
        in(x),
        out(y));
  }
}
