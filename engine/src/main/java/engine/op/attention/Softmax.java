package engine.op.attention;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;

/**
 * Softmax over the last axis of x [..., n]: y = e / sum(e), e = exp(x - max(x)); gradient y * (g -
 * sum(g * y)). Order: N7. A row with NaN, with +infinity or with nothing but -infinity gives NaN;
 * single elements of -infinity give +0.
 */
public record Softmax() implements Op {
  @Override
  public String name() {
    return "softmax";
  }

  @Override
  public Shape infer(List<Shape> in) {
    ShapeException.require(in.get(0).rank() >= 1, name(), "wants an axis, x=%s", in.get(0));
    return in.get(0);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    if (x.size() > 0) {
      k.softmax().forward(x.size() / x.dim(-1), x.dim(-1), x.storage(), y.storage());
    }
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public boolean readsOutput() {
    return true;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor y = saved.output();
    Tensor gradInput = new Tensor(y.shape(), k.allocate(y.size()));
    if (y.size() > 0) {
      k.softmax()
          .gradient(y.size() / y.dim(-1), y.dim(-1), y.storage(), g.storage(), gradInput.storage());
    }
    return List.of(gradInput);
  }
}
