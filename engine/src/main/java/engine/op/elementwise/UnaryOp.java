package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.Unary;
import engine.tensor.Shape;
import engine.tensor.Storage;
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
    k.elementwise().unary(f, x.storage(), y.storage(), x.size());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return !f.derivativeReadsOutput();
  }

  @Override
  public boolean readsOutput() {
    return f.derivativeReadsOutput();
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput) {
    // Each derivative is written in x or in y; the kernel is given the one it reads for both.
    Storage read = (f.derivativeReadsOutput() ? saved.output() : saved.input(0)).storage();
    Tensor gradInput = new Tensor(gradOutput.shape(), k.allocate(gradOutput.size()));
    k.elementwise()
        .unaryGrad(f, read, read, gradOutput.storage(), gradInput.storage(), gradOutput.size());
    return List.of(gradInput);
  }
}
