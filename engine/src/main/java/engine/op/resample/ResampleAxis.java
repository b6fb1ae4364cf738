package engine.op.resample;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.ResampleArgs;
import engine.kernel.ResampleTable;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/**
 * One axis mapped by a static table of weighted taps, other axes untouched: interpolation, average
 * pooling and their like ({@link Resample}). The gradient is the transposed table.
 *
 * @param name what the table does, for errors
 */
public record ResampleAxis(String name, int axis, ResampleTable table) implements Op {
  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(axis >= 0 && axis < x.rank(), name, "axis %d of x=%s", axis, x);
    ShapeException.require(
        x.dim(axis) == table.in(),
        name,
        "table wants extent %d on axis %d, x=%s",
        table.in(),
        axis,
        x);
    return x.with(axis, table.out());
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    return map(k, table, axis, in.get(0));
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    return List.of(map(k, table.transposed(), axis, g));
  }

  private static Tensor map(Kernels k, ResampleTable table, int axis, Tensor x) {
    Shape shape = x.shape().with(axis, table.out());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    if (shape.size() > 0) {
      int outer = shape.size(0, axis);
      int inner = shape.size(axis + 1, shape.rank());
      k.resample().apply(new ResampleArgs(outer, inner, table), x.storage(), y.storage());
    }
    return y;
  }
}
