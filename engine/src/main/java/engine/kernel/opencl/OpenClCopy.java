package engine.kernel.opencl;

import engine.kernel.CopyArgs;
import engine.kernel.CopyKernels;
import engine.kernel.GatherArgs;
import engine.tensor.Storage;
import java.util.Arrays;

/** What moves values: copies, fills, strided copies, gathers. */
final class OpenClCopy extends OpenClFamily implements CopyKernels {
  private static final int FEW_AXES = 4;

  /** Axes of the widest kernels. */
  static final int AXES = 8;

  OpenClCopy(OpenClContext context) {
    super(context, "elementwise");
  }

  /** The last of so many axes; those before have the value that makes them vanish. */
  static int[] axes(int count, int[] values, int rest) {
    if (values.length > count) {
      throw new IllegalArgumentException(
          "[opencl] %d axes that cannot be joined; %d at most".formatted(values.length, count));
    }
    int[] all = new int[count];
    Arrays.fill(all, 0, count - values.length, rest);
    System.arraycopy(values, 0, all, count - values.length, values.length);
    return all;
  }

  @Override
  public void copy(Storage x, Storage y, int n) {
    context().copy(in(x), out(y), n);
  }

  @Override
  public void fill(Storage x, float value, int n) {
    run("fill", n, value, out(x));
  }

  @Override
  public void strided(CopyArgs args, Storage x, Storage y) {
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

  /** A strided copy of four axes. */
  void strided4(int[] extents, View from, Storage x, View to, Storage y) {
    run(
        "strided_copy4",
        Arrays.stream(extents).reduce(1, (a, b) -> a * b),
        extents,
        from.offset,
        from.strides,
        to.offset,
        to.strides,
        in(x),
        out(y));
  }

  /** Where a view of four axes begins, and its strides. */
  record View(int offset, int... strides) {}

  @Override
  public void gather(GatherArgs args, Storage x, Storage y) {
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
}
