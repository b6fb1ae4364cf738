package engine.op.resample;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.MaxPoolArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/**
 * The largest value of kernel x kernel windows of the last two axes, one every {@code stride}, see
 * {@link MaxPoolArgs}. PyTorch: max_pool2d without padding.
 *
 * @param kernel side of a window
 * @param stride from window to window
 * @param ceil whether a last window may stand out over the rim; else what it would hold is dropped
 */
public record MaxPool2d(int kernel, int stride, boolean ceil) implements Op {
  @Override
  public String name() {
    return "maxPool2d";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    int rank = x.rank();
    ShapeException.require(
        rank >= 2
            && kernel >= 1
            && stride >= 1
            && x.dim(rank - 2) >= kernel
            && x.dim(rank - 1) >= kernel,
        name(),
        "wants x [...,H,W] of at least one window: x=%s kernel=%d stride=%d",
        x,
        kernel,
        stride);
    int[] dims = x.dims();
    dims[rank - 2] = windows(dims[rank - 2]);
    dims[rank - 1] = windows(dims[rank - 1]);
    return Shape.of(dims);
  }

  private int windows(int extent) {
    int beyond = extent - kernel;
    int whole = beyond / stride + 1;
    boolean another = ceil && beyond % stride != 0 && whole * stride < extent;
    return another ? whole + 1 : whole;
  }

  private MaxPoolArgs args(Shape x) {
    int rank = x.rank();
    int h = x.dim(rank - 2);
    int w = x.dim(rank - 1);
    return new MaxPoolArgs(x.size(0, rank - 2), h, w, kernel, stride, windows(h), windows(w));
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Shape shape = infer(List.of(x.shape()));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.maxPool2d().forward(args(x.shape()), x.storage(), y.storage());
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
    k.maxPool2d().gradInput(args(x.shape()), x.storage(), g.storage(), gradInput.storage());
    return List.of(gradInput);
  }
}
