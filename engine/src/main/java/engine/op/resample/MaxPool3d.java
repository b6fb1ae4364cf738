package engine.op.resample;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.MaxPoolArgs;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/**
 * The largest value of windows of the last three axes, x [...,T,H,W] -> [...,T',H',W'], see {@link
 * MaxPoolArgs}. Padding is never seen, as if it were -infinity; each window must hold something
 * else. PyTorch: max_pool3d.
 *
 * @param kernel extents of a window
 * @param stride from window to window
 * @param padding how far windows stand out over the rim; below the kernel's extents
 */
public record MaxPool3d(Window3 kernel, Stride3 stride, Padding3 padding) implements Op {
  @Override
  public String name() {
    return "maxPool3d";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    int rank = x.rank();
    ShapeException.require(
        rank >= 3
            && fits(x.dim(-3), kernel.t(), stride.t(), padding.front(), padding.back())
            && fits(x.dim(-2), kernel.h(), stride.h(), padding.top(), padding.bottom())
            && fits(x.dim(-1), kernel.w(), stride.w(), padding.left(), padding.right()),
        name(),
        "wants x [...,T,H,W] and windows that each hold some of it: x=%s %s %s %s",
        x,
        kernel,
        stride,
        padding);
    MaxPoolArgs args = args(x);
    return x.with(rank - 3, args.outT()).with(rank - 2, args.outH()).with(rank - 1, args.outW());
  }

  private static boolean fits(int extent, int taps, int step, int before, int after) {
    int beyond = extent + before + after - taps;
    return extent > 0 && before < taps && beyond >= 0 && beyond / step * step - before < extent;
  }

  private MaxPoolArgs args(Shape x) {
    int volumes = x.size(0, x.rank() - 3);
    return new MaxPoolArgs(volumes, x.dim(-3), x.dim(-2), x.dim(-1), kernel, stride, padding);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Shape shape = infer(List.of(x.shape()));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.maxPool3d().forward(args(x.shape()), x.storage(), y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return true;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor gradInput = new Tensor(x.shape(), k.allocate(x.size()));
    k.maxPool3d().gradInput(args(x.shape()), x.storage(), g.storage(), gradInput.storage());
    return List.of(gradInput);
  }
}
