package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * y = f(a, b) with NumPy broadcasting. Gradients: ADD (g, g); SUB (g, -g); MUL (g b, g a); DIV (g /
 * b, -(g y) / b); each summed over the axes along which its operand was repeated. MIN and MAX are
 * for inference only.
 */
public record BinaryOp(Binary f) implements Op {
  @Override
  public String name() {
    return f.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape infer(List<Shape> in) {
    return Shape.broadcast(name(), in.get(0), in.get(1));
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    ShapeException.require(
        !saved.needsAny() || (f != Binary.MIN && f != Binary.MAX), name(), "has no gradient");
    return compute(k, f, in.get(0), in.get(1));
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return switch (f) {
      case ADD, SUB, MIN, MAX -> false;
      case MUL -> saved.needs(1 - i);
      case DIV -> i == 1;
    };
  }

  @Override
  public boolean readsOutput() {
    return f == Binary.DIV;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor a = saved.input(0);
    Tensor b = saved.input(1);
    Tensor gradA = saved.needs(0) ? SumTo.shape(k, gradA(k, b, g), a.shape()) : null;
    Tensor gradB =
        saved.needs(1) ? SumTo.shape(k, gradB(k, a, b, saved.output(), g), b.shape()) : null;
    return Arrays.asList(gradA, gradB);
  }

  private Tensor gradA(Kernels k, Tensor b, Tensor g) {
    return switch (f) {
      case ADD, SUB -> g;
      case MUL, DIV -> compute(k, f, g, b);
      case MIN, MAX -> throw new IllegalStateException(name());
    };
  }

  private Tensor gradB(Kernels k, Tensor a, Tensor b, Tensor y, Tensor g) {
    return switch (f) {
      case ADD -> g;
      case SUB -> negate(k, g);
      case MUL -> compute(k, Binary.MUL, g, a);
      case DIV -> negate(k, compute(k, Binary.DIV, compute(k, Binary.MUL, g, y), b));
      case MIN, MAX -> throw new IllegalStateException(name());
    };
  }

  private static Tensor negate(Kernels k, Tensor x) {
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.elementwise().unary(engine.kernel.Unary.NEG, x.storage(), y.storage(), x.size());
    return y;
  }

  private static Tensor compute(Kernels k, Binary f, Tensor a, Tensor b) {
    Shape shape = Shape.broadcast("binary", a.shape(), b.shape());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    if (shape.size() > 0) {
      BroadcastArgs args = BroadcastArgs.of(a.shape(), b.shape(), shape);
      k.elementwise().binary(f, args, a.storage(), b.storage(), y.storage());
    }
    return y;
  }
}
