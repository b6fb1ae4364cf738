package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/** y = min(max(x, low), high); NaN stays. The gradient passes where low <= x <= high. */
public record Clamp(float low, float high) implements Op {
  public Clamp {
    if (!(low <= high)) {
      throw new IllegalArgumentException("[clamp] low " + low + " is above high " + high);
    }
  }

  @Override
  public String name() {
    return "clamp";
  }

  @Override
  public Shape infer(List<Shape> in) {
    return in.get(0);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.elementwise().clamp(x.storage(), low, high, y.storage(), x.size());
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor gradInput = new Tensor(g.shape(), k.allocate(g.size()));
    k.elementwise()
        .clampGrad(saved.input(0).storage(), low, high, g.storage(), gradInput.storage(), g.size());
    return List.of(gradInput);
  }
}
