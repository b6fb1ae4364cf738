package engine.op.layout;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/** The same elements under another shape; shares the storage. */
public record Reshape(Shape shape) implements Op {
  @Override
  public String name() {
    return "reshape";
  }

  @Override
  public Shape infer(List<Shape> in) {
    ShapeException.require(
        in.get(0).size() == shape.size(), "reshape", "x=%s does not fit %s", in.get(0), shape);
    return shape;
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    return in.get(0).view(shape);
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    return List.of(g.view(saved.input(0).shape()));
  }
}
