package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/** y = x * scale + shift with constants; the product and the sum are each rounded. */
public record Affine(float scale, float shift) implements Op {
  @Override
  public String name() {
    return "affine";
  }

  @Override
  public Shape infer(List<Shape> in) {
    return in.get(0);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.elementwise().affine(x.storage(), scale, shift, y.storage(), x.size());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor gradInput = new Tensor(g.shape(), k.allocate(g.size()));
    k.elementwise().affine(g.storage(), scale, 0f, gradInput.storage(), g.size());
    return List.of(gradInput);
  }
}
