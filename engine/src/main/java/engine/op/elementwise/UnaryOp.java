package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.Unary;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/** y = f(x), elementwise; any shape. */
public record UnaryOp(Unary f) implements Op {
  @Override
  public String name() {
    return f.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape infer(List<Shape> in) {
    return in.get(0);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.unary(f, x.storage(), y.storage(), x.size());
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput) {
    Tensor x = saved.input(0);
    Tensor gradInput = new Tensor(x.shape(), k.allocate(x.size()));
    k.unaryGrad(
        f,
        x.storage(),
        saved.output().storage(),
        gradOutput.storage(),
        gradInput.storage(),
        x.size());
    return List.of(gradInput);
  }
}
