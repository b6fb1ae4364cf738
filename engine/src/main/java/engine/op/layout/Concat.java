package engine.op.layout;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Tensors joined along one axis; all other extents equal. */
public record Concat(int axis) implements Op {
  @Override
  public String name() {
    return "concat";
  }

  @Override
  public Shape infer(List<Shape> in) {
    ShapeException.require(!in.isEmpty(), "concat", "wants at least one tensor");
    Shape first = in.get(0);
    ShapeException.require(
        axis >= 0 && axis < first.rank(), "concat", "axis %d of x=%s", axis, first);
    int total = 0;
    for (Shape s : in) {
      ShapeException.require(
          s.rank() == first.rank() && s.with(axis, 0).equals(first.with(axis, 0)),
          "concat",
          "shapes differ beside axis %d: %s",
          axis,
          in);
      total += s.dim(axis);
    }
    return first.with(axis, total);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    int at = 0;
    for (Tensor x : in) {
      if (x.size() > 0) {
        int inner = shape.size(axis + 1, shape.rank());
        int width = x.dim(axis) * inner;
        int[] extents = {shape.size(0, axis), width};
        int[] whole = {shape.dim(axis) * inner, 1};
        k.copies()
            .strided(
                new CopyArgs(extents, 0, new int[] {width, 1}, at * inner, whole),
                x.storage(),
                y.storage());
      }
      at += x.dim(axis);
    }
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    List<Tensor> gradients = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < saved.inputCount(); i++) {
      int next = at + saved.input(i).dim(axis);
      gradients.add(
          saved.needs(i) ? new Slice(axis, at, next).forward(k, List.of(g), saved) : null);
      at = next;
    }
    return gradients;
  }
}
