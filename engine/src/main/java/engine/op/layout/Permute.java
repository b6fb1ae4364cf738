package engine.op.layout;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/** y's axis i is x's axis {@code order[i]} (PyTorch: permute, then contiguous). */
public record Permute(List<Integer> order) implements Op {
  public Permute {
    order = List.copyOf(order);
  }

  @Override
  public String name() {
    return "permute";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    boolean[] seen = new boolean[x.rank()];
    boolean valid = order.size() == x.rank();
    for (int i = 0; valid && i < order.size(); i++) {
      int axis = order.get(i);
      valid = axis >= 0 && axis < x.rank() && !seen[axis];
      if (valid) {
        seen[axis] = true;
      }
    }
    ShapeException.require(valid, "permute", "order %s does not permute x=%s", order, x);
    return Shape.of(order.stream().mapToInt(x::dim).toArray());
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    return permute(k, in.get(0), order);
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Integer[] inverse = new Integer[order.size()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[order.get(i)] = i;
    }
    return List.of(permute(k, g, List.of(inverse)));
  }

  private static Tensor permute(Kernels k, Tensor x, List<Integer> order) {
    Shape shape = Shape.of(order.stream().mapToInt(x.shape()::dim).toArray());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    if (shape.size() > 0) {
      int[] from = x.shape().strides();
      int[] stridesX = order.stream().mapToInt(axis -> from[axis]).toArray();
      k.copies()
          .strided(
              CopyArgs.merged(shape.dims(), 0, stridesX, 0, shape.strides()),
              x.storage(),
              y.storage());
    }
    return y;
  }
}
