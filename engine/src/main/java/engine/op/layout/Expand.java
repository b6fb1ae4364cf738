package engine.op.layout;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/** An axis of extent 1 repeated n times; the gradient is the sum over them in the order of N5. */
public record Expand(int axis, int n) implements Op {
  @Override
  public String name() {
    return "expand";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(
        axis >= 0 && axis < x.rank() && n >= 0 && x.dim(axis) == 1,
        "expand",
        "wants an axis of extent 1 and n >= 0: axis %d, n %d, x=%s",
        axis,
        n,
        x);
    return x.with(axis, n);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape shape = infer(List.of(in.get(0).shape()));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    if (shape.size() > 0) {
      int inner = shape.size(axis + 1, shape.rank());
      int[] extents = {shape.size(0, axis), n, inner};
      k.copies()
          .strided(
              CopyArgs.merged(
                  extents, 0, new int[] {inner, 0, 1}, 0, new int[] {n * inner, inner, 1}),
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
    Shape shape = saved.input(0).shape();
    Tensor gradInput = new Tensor(shape, k.allocate(shape.size()));
    ReduceArgs args = new ReduceArgs(shape.size(0, axis), n, shape.size(axis + 1, shape.rank()));
    k.reduce().sum(args, g.storage(), gradInput.storage());
    return List.of(gradInput);
  }
}
