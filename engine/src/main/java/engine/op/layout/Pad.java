package engine.op.layout;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/** Zeros before and after the elements of one axis. */
public record Pad(int axis, int before, int after) implements Op {
  @Override
  public String name() {
    return "pad";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(
        axis >= 0 && axis < x.rank() && before >= 0 && after >= 0,
        "pad",
        "%d before and %d after on axis %d of x=%s",
        before,
        after,
        axis,
        x);
    return x.with(axis, before + x.dim(axis) + after);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape x = in.get(0).shape();
    Shape shape = infer(List.of(x));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    int inner = x.size(axis + 1, x.rank());
    Surroundings.zero(
        k,
        y.storage(),
        x.size(0, axis),
        shape.dim(axis) * inner,
        before * inner,
        (before + x.dim(axis)) * inner);
    if (x.size() > 0) {
      int width = x.dim(axis) * inner;
      k.copies()
          .strided(
              new CopyArgs(
                  new int[] {x.size(0, axis), width},
                  0,
                  new int[] {width, 1},
                  before * inner,
                  new int[] {shape.dim(axis) * inner, 1}),
              in.get(0).storage(),
              y.storage());
    }
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    int extent = saved.input(0).dim(axis);
    return List.of(new Slice(axis, before, before + extent).forward(k, List.of(g), saved));
  }
}
