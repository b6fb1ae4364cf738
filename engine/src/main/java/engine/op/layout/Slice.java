package engine.op.layout;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/** The indices [from, to) of one axis. */
public record Slice(int axis, int from, int to) implements Op {
  @Override
  public String name() {
    return "slice";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(
        axis >= 0 && axis < x.rank() && from >= 0 && from <= to && to <= x.dim(axis),
        "slice",
        "[%d,%d) of axis %d of x=%s",
        from,
        to,
        axis,
        x);
    return x.with(axis, to - from);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Shape shape = infer(List.of(x.shape()));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    if (shape.size() > 0) {
      k.copies().strided(rows(x.shape(), shape, true), x.storage(), y.storage());
    }
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Shape x = saved.input(0).shape();
    Tensor gradInput = new Tensor(x, k.allocate(x.size()));
    int inner = x.size(axis + 1, x.rank());
    Surroundings.zero(
        k, gradInput.storage(), x.size(0, axis), x.dim(axis) * inner, from * inner, to * inner);
    if (g.size() > 0) {
      k.copies().strided(rows(x, g.shape(), false), g.storage(), gradInput.storage());
    }
    return List.of(gradInput);
  }

  /** The slice as rows: [leading axes] x [axis and everything inside it]. */
  private CopyArgs rows(Shape whole, Shape part, boolean fromWhole) {
    int inner = whole.size(axis + 1, whole.rank());
    int[] extents = {whole.size(0, axis), part.dim(axis) * inner};
    int[] wide = {whole.dim(axis) * inner, 1};
    int[] narrow = {extents[1], 1};
    return fromWhole
        ? new CopyArgs(extents, from * inner, wide, 0, narrow)
        : new CopyArgs(extents, 0, narrow, from * inner, wide);
  }
}
