package engine.op.reduce;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/**
 * y = sum of x over the axes [from, to), which stay as extents of 1 if {@code keep}. The order of
 * the sum is N5. Divided by the count afterwards it is the mean ({@link Reduce#mean}).
 */
public record Sum(int from, int to, boolean keep) implements Op {
  @Override
  public String name() {
    return "sum";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(
        from >= 0 && from <= to && to <= x.rank(), "sum", "axes [%d,%d) of x=%s", from, to, x);
    int[] dims = new int[keep ? x.rank() : x.rank() - (to - from)];
    int n = 0;
    for (int axis = 0; axis < x.rank(); axis++) {
      boolean summed = axis >= from && axis < to;
      if (!summed || keep) {
        dims[n++] = summed ? 1 : x.dim(axis);
      }
    }
    return Shape.of(dims);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape x = in.get(0).shape();
    Shape shape = infer(List.of(x));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    ReduceArgs args = new ReduceArgs(x.size(0, from), x.size(from, to), x.size(to, x.rank()));
    k.reduce().sum(args, in.get(0).storage(), y.storage());
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
    if (x.size() > 0) {
      int[] extents = {x.size(0, from), x.size(from, to), x.size(to, x.rank())};
      int[] repeated = {extents[2], 0, 1};
      int[] full = {extents[1] * extents[2], extents[2], 1};
      k.copies()
          .strided(
              CopyArgs.merged(extents, 0, repeated, 0, full), g.storage(), gradInput.storage());
    }
    return List.of(gradInput);
  }
}
