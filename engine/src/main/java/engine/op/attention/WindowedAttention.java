package engine.op.attention;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.AttentionArgs;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.Kernels;
import engine.kernel.RotaryArgs;
import engine.op.attention.WindowSpec.Bucketed;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention in a window, without the square table of scores: y_i = sum over visible j of P_ij M_ij
 * v_j, P = softmax over visible j of q_i k_j / sqrt(dim). Inputs: q, k, v [B, L, heads * dim]; for
 * {@link Bucketed} the rotary table [2, positions, dim/2] of {@link Attention#rotaryTable}; with
 * {@code masked} a factor M [B, heads, L, slots] of the weights, for dropout (0, or 1 / (1 - p)).
 *
 * <p>Order (N1, N7): scores are chains over the channels; absent slots are -infinity to the softmax
 * over slots, so that their weight is +0; sums over keys are chains, j ascending. Gradient: D =
 * sum(P dP); dQ chains over j; dK and dV chains over i. Of a rotated key each version has its own
 * chain; rotated back they are added from the last query window that saw the key to the first.
 * Gradients are for q, k and v.
 */
public record WindowedAttention(WindowSpec spec, boolean masked) implements Op {
  private static final int WEIGHTS = 0;
  private static final int DROPPED = 1;

  @Override
  public String name() {
    return "windowedAttention";
  }

  private boolean rotary() {
    return spec instanceof Bucketed;
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape q = in.get(0);
    require(q.rank() == 3, "wants q [B,L,heads*dim]", in);
    require(in.get(1).equals(q) && in.get(2).equals(q), "wants q, k and v of one shape", in);
    require(
        q.dim(2) > 0 && q.dim(2) % spec.heads() == 0,
        "width " + q.dim(2) + " does not split into " + spec.heads() + " heads",
        in);
    int dim = q.dim(2) / spec.heads();
    if (spec instanceof Bucketed b) {
      require(
          q.dim(1) % b.window() == 0,
          "length " + q.dim(1) + " is no multiple of the window " + b.window(),
          in);
      require(dim % 2 == 0, "rotary embedding wants an even number of channels per head", in);
      Shape table = Shape.of(2, b.positions(), dim / 2);
      require(in.get(3).equals(table), "wants a rotary table " + table, in);
    }
    if (masked) {
      Shape mask = Shape.of(q.dim(0), spec.heads(), q.dim(1), spec.slots());
      require(in.get(in.size() - 1).equals(mask), "wants a mask " + mask, in);
    }
    return q;
  }

  private void require(boolean condition, String what, List<Shape> in) {
    if (!condition) {
      List<String> names = new ArrayList<>(List.of("q", "k", "v"));
      if (rotary()) {
        names.add("table");
      }
      names.add("mask");
      StringBuilder text = new StringBuilder("[windowedAttention] ").append(what).append(':');
      for (int i = 0; i < in.size(); i++) {
        text.append(' ').append(names.get(i)).append('=').append(in.get(i));
      }
      throw new ShapeException(text.append(" spec=").append(spec).toString());
    }
  }

  private AttentionArgs args(Shape q) {
    return spec.args(q.dim(0), q.dim(1), q.dim(2) / spec.heads());
  }

  private static float scale(AttentionArgs args) {
    return (float) (1 / StrictMath.sqrt(args.dim()));
  }

  /** With rotary embedding q is scaled before it is rotated, else the scores are. */
  private float scoreScale(AttentionArgs args) {
    return rotary() ? 1f : scale(args);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor q = in.get(0);
    Tensor y = new Tensor(q.shape(), k.allocate(q.size()));
    if (q.size() == 0) {
      return y;
    }
    AttentionArgs args = args(q.shape());
    Tensor scores = table(k, args);
    k.windowedAttention()
        .scores(
            args,
            scoreScale(args),
            Float.NEGATIVE_INFINITY,
            queries(k, args, in).storage(),
            keys(k, args, in).storage(),
            scores.storage());
    Tensor weights = table(k, args);
    int rows = weights.size() / args.slots();
    k.softmax().forward(rows, args.slots(), scores.storage(), weights.storage());
    saved.keep(weights);
    Tensor dropped = masked ? times(k, weights, in.get(in.size() - 1)) : weights;
    saved.keep(dropped);
    k.windowedAttention()
        .apply(args.unversioned(), 1f, dropped.storage(), in.get(2).storage(), y.storage());
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    List<Tensor> in = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < saved.inputCount(); i++) {
      in.add(saved.input(i));
      gradients.add(null);
    }
    if (g.size() == 0) {
      for (int i = 0; i < 3; i++) {
        gradients.set(i, saved.needs(i) ? g : null);
      }
      return gradients;
    }
    AttentionArgs args = args(g.shape());
    if (saved.needs(2)) {
      Tensor gradV = new Tensor(g.shape(), k.allocate(g.size()));
      k.windowedAttention()
          .gather(
              args.unversioned(), 1f, saved.kept(DROPPED).storage(), g.storage(), gradV.storage());
      gradients.set(2, gradV);
    }
    if (saved.needs(0) || saved.needs(1)) {
      Tensor gradScores = gradScores(k, args, saved, g);
      if (saved.needs(0)) {
        gradients.set(0, gradQueries(k, args, in, gradScores));
      }
      if (saved.needs(1)) {
        gradients.set(1, gradKeys(k, args, in, gradScores));
      }
    }
    return gradients;
  }

  private Tensor gradScores(Kernels k, AttentionArgs args, Saved saved, Tensor g) {
    Tensor weights = saved.kept(WEIGHTS);
    Tensor gradWeights = table(k, args);
    k.windowedAttention()
        .scores(
            args.unversioned(),
            1f,
            0f,
            g.storage(),
            saved.input(2).storage(),
            gradWeights.storage());
    if (masked) {
      gradWeights = times(k, gradWeights, saved.input(saved.inputCount() - 1));
    }
    Tensor gradScores = table(k, args);
    k.softmax()
        .gradient(
            weights.size() / args.slots(),
            args.slots(),
            weights.storage(),
            gradWeights.storage(),
            gradScores.storage());
    return gradScores;
  }

  private Tensor gradQueries(Kernels k, AttentionArgs args, List<Tensor> in, Tensor gradScores) {
    Tensor gradQ = new Tensor(in.get(0).shape(), k.allocate(in.get(0).size()));
    k.windowedAttention()
        .apply(
            args,
            scoreScale(args),
            gradScores.storage(),
            keys(k, args, in).storage(),
            gradQ.storage());
    return rotary() ? unrotate(k, queryRotation(args), in, gradQ) : gradQ;
  }

  private Tensor gradKeys(Kernels k, AttentionArgs args, List<Tensor> in, Tensor gradScores) {
    Shape shape = versions(args, in.get(1).shape());
    Tensor gradK = new Tensor(shape, k.allocate(shape.size()));
    k.windowedAttention()
        .gather(
            args,
            scoreScale(args),
            gradScores.storage(),
            queries(k, args, in).storage(),
            gradK.storage());
    return rotary() ? unrotate(k, keyRotation(args), in, gradK) : gradK.view(in.get(1).shape());
  }

  private Tensor queries(Kernels k, AttentionArgs args, List<Tensor> in) {
    return rotary() ? rotate(k, queryRotation(args), in, in.get(0), in.get(0).shape()) : in.get(0);
  }

  private Tensor keys(Kernels k, AttentionArgs args, List<Tensor> in) {
    Tensor key = in.get(1);
    return rotary() ? rotate(k, keyRotation(args), in, key, versions(args, key.shape())) : key;
  }

  private static Shape versions(AttentionArgs args, Shape key) {
    return Shape.of(args.versions(), key.dim(0), key.dim(1), key.dim(2));
  }

  private static RotaryArgs queryRotation(AttentionArgs a) {
    int offset = a.window() * (a.lookBackward() + a.lookForward());
    return rotation(a, offset, 1, scale(a));
  }

  private static RotaryArgs keyRotation(AttentionArgs a) {
    return rotation(a, 0, a.versions(), 1f);
  }

  private static RotaryArgs rotation(AttentionArgs a, int offset, int versions, float scale) {
    int positions = a.window() * a.versions();
    return new RotaryArgs(
        a.batch(), a.length(), a.heads(), a.dim(), a.window(), offset, versions, positions, scale);
  }

  private static Tensor rotate(Kernels k, RotaryArgs args, List<Tensor> in, Tensor x, Shape shape) {
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.rotary().forward(args, in.get(3).storage(), x.storage(), y.storage());
    return y;
  }

  private static Tensor unrotate(Kernels k, RotaryArgs args, List<Tensor> in, Tensor g) {
    Tensor gradInput = new Tensor(in.get(0).shape(), k.allocate(in.get(0).size()));
    k.rotary().gradient(args, in.get(3).storage(), g.storage(), gradInput.storage());
    return gradInput;
  }

  private static Tensor table(Kernels k, AttentionArgs a) {
    Shape shape = Shape.of(a.batch(), a.heads(), a.length(), a.slots());
    return new Tensor(shape, k.allocate(shape.size()));
  }

  private static Tensor times(Kernels k, Tensor a, Tensor b) {
    Tensor y = new Tensor(a.shape(), k.allocate(a.size()));
    BroadcastArgs args = BroadcastArgs.of(a.shape(), b.shape(), a.shape());
    k.elementwise().binary(Binary.MUL, args, a.storage(), b.storage(), y.storage());
    return y;
  }
}
