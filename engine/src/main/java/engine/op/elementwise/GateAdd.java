package engine.op.elementwise;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.Kernels;
import engine.kernel.TokenArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A gated residual: y = x + gate * h, each operation rounded. x, h [B,T,D]; gate [B,D] -> [B,T,D].
 * Gradients: x: g; gate: sum of g h over T; h: g gate. The same bits as the composition of
 * broadcast ops, in one pass.
 */
public record GateAdd() implements Op {
  @Override
  public String name() {
    return "gateAdd";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    boolean fits =
        x.rank() == 3 && in.get(1).equals(Shape.of(x.dim(0), x.dim(2))) && in.get(2).equals(x);
    ShapeException.require(
        fits, "gateAdd", "wants [B,T,D], [B,D], [B,T,D]: x=%s gate=%s h=%s", in.toArray());
    return x;
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.tokens()
        .gateAdd(
            Modulate.args(x.shape()),
            x.storage(),
            in.get(1).storage(),
            in.get(2).storage(),
            y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return (i == 1 && saved.needs(2)) || (i == 2 && saved.needs(1));
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    TokenArgs args = Modulate.args(g.shape());
    Tensor gradGate = null;
    if (saved.needs(1)) {
      gradGate = Modulate.vector(k, args);
      k.tokens().productSum(args, g.storage(), saved.input(2).storage(), gradGate.storage());
    }
    Tensor gradH = null;
    if (saved.needs(2)) {
      gradH = new Tensor(g.shape(), k.allocate(g.size()));
      Shape perSample = Shape.of(args.batch(), 1, args.width());
      BroadcastArgs broadcast = BroadcastArgs.of(g.shape(), perSample, g.shape());
      if (g.size() > 0) {
        k.elementwise()
            .binary(Binary.MUL, broadcast, g.storage(), saved.input(1).storage(), gradH.storage());
      }
    }
    return Arrays.asList(saved.needs(0) ? g : null, gradGate, gradH);
  }
}
