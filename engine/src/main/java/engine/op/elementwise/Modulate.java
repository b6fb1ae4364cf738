package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.TokenArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The modulation of adaptive layer norm: y = x * (1 + scale) + shift, each operation rounded. x
 * [B,T,D]; shift, scale [B,D] -> [B,T,D]. Gradients: x: g (1 + scale); shift: sum of g over T;
 * scale: sum of g x over T. The same bits as the composition of broadcast ops, in one pass.
 */
public record Modulate() implements Op {
  @Override
  public String name() {
    return "modulate";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    boolean fits = x.rank() == 3;
    if (fits) {
      Shape vector = Shape.of(x.dim(0), x.dim(2));
      fits = in.get(1).equals(vector) && in.get(2).equals(vector);
    }
    ShapeException.require(
        fits, "modulate", "wants [B,T,D], [B,D], [B,D]: x=%s shift=%s scale=%s", in.toArray());
    return x;
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.tokens()
        .modulate(
            args(x.shape()), x.storage(), in.get(1).storage(), in.get(2).storage(), y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return i == 2 || (i == 0 && saved.needs(2));
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    TokenArgs args = args(g.shape());
    Tensor gradX = null;
    if (saved.needs(0)) {
      gradX = new Tensor(g.shape(), k.allocate(g.size()));
      k.tokens().modulateGrad(args, saved.input(2).storage(), g.storage(), gradX.storage());
    }
    Tensor gradShift = null;
    if (saved.needs(1)) {
      gradShift = vector(k, args);
      ReduceArgs overTokens = new ReduceArgs(args.batch(), args.tokens(), args.width());
      k.reduce().sum(overTokens, g.storage(), gradShift.storage());
    }
    Tensor gradScale = null;
    if (saved.needs(2)) {
      gradScale = vector(k, args);
      k.tokens().productSum(args, g.storage(), saved.input(0).storage(), gradScale.storage());
    }
    return Arrays.asList(gradX, gradShift, gradScale);
  }

  static TokenArgs args(Shape x) {
    return new TokenArgs(x.dim(0), x.dim(1), x.dim(2));
  }

  static Tensor vector(Kernels k, TokenArgs args) {
    Shape shape = Shape.of(args.batch(), args.width());
    return new Tensor(shape, k.allocate(shape.size()));
  }
}
