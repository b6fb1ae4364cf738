package engine.op.linalg;

import static engine.tensor.ShapeException.require;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.MatmulArgs;
import engine.kernel.ReduceArgs;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer (PyTorch: functional.linear) {@code y = x W^T + bias}. Inputs: x {@code [...,
 * in]}, W {@code [out, in]}, and a bias {@code [out]} or none; y {@code [..., out]}. Gradients,
 * with rows = all leading indices row-major: {@code x: g W}, {@code W: g^T x} summed over rows,
 * bias: the sum of g over rows (numeric contract N1, N3, N5).
 */
public record Linear() implements Op {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape w = in.get(1);
    require(
        x.rank() >= 1 && w.rank() == 2, name(), "wants x [...,in], W [out,in]: x=%s W=%s", x, w);
    require(
        x.dim(-1) == w.dim(1),
        name(),
        "weight wants %d input features, x has %d: x=%s W=%s",
        w.dim(1),
        x.dim(-1),
        x,
        w);
    require(
        in.size() == 2 || in.get(2).equals(Shape.of(w.dim(0))),
        name(),
        "bias wants shape [%d]: x=%s W=%s bias=%s",
        w.dim(0),
        x,
        w,
        in.size() == 2 ? "none" : in.get(2));
    return x.with(-1, w.dim(0));
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor w = in.get(1);
    Shape shape = x.shape().with(-1, w.dim(0));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.matmul()
        .multiply(
            MatmulArgs.single(rows(x), w.dim(0), w.dim(1), false, true),
            x.storage(),
            w.storage(),
            in.size() == 2 ? null : in.get(2).storage(),
            y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return i < 2 && saved.needs(1 - i);
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor w = saved.input(1);
    List<Tensor> grads = new ArrayList<>();
    grads.add(saved.needs(0) ? gradInput(k, x, w, g) : null);
    grads.add(saved.needs(1) ? gradWeight(k, x, w, g) : null);
    if (saved.inputCount() == 3) {
      grads.add(saved.needs(2) ? gradBias(k, saved.input(2), g) : null);
    }
    return grads;
  }

  private static Tensor gradInput(Kernels k, Tensor x, Tensor w, Tensor g) {
    Tensor grad = new Tensor(x.shape(), k.allocate(x.size()));
    MatmulArgs args = MatmulArgs.single(rows(x), w.dim(1), w.dim(0), false, false);
    k.matmul().multiply(args, g.storage(), w.storage(), null, grad.storage());
    return grad;
  }

  private static Tensor gradWeight(Kernels k, Tensor x, Tensor w, Tensor g) {
    Tensor grad = new Tensor(w.shape(), k.allocate(w.size()));
    MatmulArgs args = MatmulArgs.single(w.dim(0), w.dim(1), rows(x), true, false);
    k.matmul().multiply(args, g.storage(), x.storage(), null, grad.storage());
    return grad;
  }

  private static Tensor gradBias(Kernels k, Tensor bias, Tensor g) {
    Tensor grad = new Tensor(bias.shape(), k.allocate(bias.size()));
    k.reduce().sum(new ReduceArgs(1, rows(g), bias.size()), g.storage(), grad.storage());
    return grad;
  }

  private static int rows(Tensor x) {
    return x.shape().size(0, x.shape().rank() - 1);
  }
}
