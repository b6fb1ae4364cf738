package engine.op.random;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/**
 * y_i = x_i / (1 - p) where the key's uniform draw u_i >= p, else +0 (PyTorch: dropout in training
 * mode). The mask is a function of the key and the element's index, so the gradient draws it again
 * and recomputation meets the same one (numeric contract N10).
 */
public record Dropout(float p, RandomKey key) implements Op {
  public Dropout {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("[dropout] p must be in [0, 1), got " + p);
    }
  }

  @Override
  public String name() {
    return "dropout";
  }

  @Override
  public Shape infer(List<Shape> in) {
    return in.get(0);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    return masked(k, in.get(0));
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return false;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    return List.of(masked(k, g));
  }

  private Tensor masked(Kernels k, Tensor x) {
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.random().dropout(key, p, x.storage(), y.storage(), x.size());
    return y;
  }
}
