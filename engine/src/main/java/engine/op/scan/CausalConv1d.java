package engine.op.scan;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CausalConv1dArgs;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Causal depthwise convolution along a sequence, channels last: x [B,L,W], weight [C,1,K], bias [C]
 * or none -> [B,L,C]; y[b,l,c] = sum_k weight[c,k] x[b,l-K+1+k,from+c] + bias[c], zeros before the
 * first step, then SiLU if asked for. Reads the channels [from, from + C) of x where they lie,
 * whose gradient is zero elsewhere; {@code from} = {@link #ALL} wants W = C. In PyTorch: conv1d
 * with groups = C on a sequence padded by K - 1 zeros in front.
 */
public record CausalConv1d(boolean silu, int from) implements Op {
  /** The convolution covers every channel of x. */
  public static final int ALL = -1;

  private static final int MOST_TAPS = 512;

  public CausalConv1d(boolean silu) {
    this(silu, ALL);
  }

  @Override
  public String name() {
    return "causalConv1d";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape w = in.get(1);
    String all = "x=" + x + " weight=" + w + (in.size() > 2 ? " bias=" + in.get(2) : "");
    require(x.rank() == 3, "x wants [batch,length,channels]: %s", all);
    require(
        w.rank() == 3 && w.dim(1) == 1 && w.dim(2) >= 1 && w.dim(2) <= MOST_TAPS,
        "weight wants [channels,1,taps] with 1 to %d taps: %s",
        MOST_TAPS,
        all);
    int channels = w.dim(0);
    if (from == ALL) {
      require(
          x.dim(2) == channels, "weight wants %d channels, x has %d: %s", channels, x.dim(2), all);
    } else {
      require(
          from >= 0 && channels <= x.dim(2) - from,
          "channels [%d,%d) are outside x: %s",
          from,
          from + channels,
          all);
    }
    if (in.size() > 2) {
      require(in.get(2).equals(Shape.of(channels)), "bias wants [%d]: %s", channels, all);
    }
    return x.with(2, channels);
  }

  private static void require(boolean condition, String text, Object... arguments) {
    ShapeException.require(condition, "causalConv1d", text, arguments);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.causalConv1d(
        args(in.get(0), in.get(1)),
        in.get(0).storage(),
        in.get(1).storage(),
        in.size() > 2 ? in.get(2).storage() : null,
        y.storage());
    return y;
  }

  private CausalConv1dArgs args(Tensor x, Tensor weight) {
    return new CausalConv1dArgs(
        x.dim(0), x.dim(1), weight.dim(0), weight.dim(2), x.dim(2), from == ALL ? 0 : from, silu);
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor weight = saved.input(1);
    boolean biased = saved.inputCount() > 2;
    Storage bias = biased ? saved.input(2).storage() : null;
    CausalConv1dArgs args = args(x, weight);
    Storage gradSums = g.storage();
    if (silu) {
      gradSums = k.allocate(g.size());
      k.causalConv1dGradSums(args, x.storage(), weight.storage(), bias, g.storage(), gradSums);
    }
    List<Tensor> gradients = new ArrayList<>();
    gradients.add(saved.needs(0) ? gradInput(k, args, x, weight, gradSums) : null);
    Tensor gradWeight = null;
    if (saved.needs(1)) {
      gradWeight = new Tensor(weight.shape(), k.allocate(weight.size()));
      k.causalConv1dGradWeight(args, x.storage(), gradSums, gradWeight.storage());
    }
    gradients.add(gradWeight);
    if (biased) {
      Tensor gradBias = null;
      if (saved.needs(2)) {
        gradBias = new Tensor(saved.input(2).shape(), k.allocate(args.channels()));
        k.reduceSum(new ReduceArgs(1, args.rows(), args.channels()), gradSums, gradBias.storage());
      }
      gradients.add(gradBias);
    }
    if (silu) {
      gradSums.release();
    }
    return gradients;
  }

  private static Tensor gradInput(
      Kernels k, CausalConv1dArgs args, Tensor x, Tensor weight, Storage gradSums) {
    Tensor gradInput = new Tensor(x.shape(), k.allocate(x.size()));
    if (args.channels() < args.rowStride()) {
      k.fill(gradInput.storage(), 0f, x.size());
    }
    k.causalConv1dGradInput(args, weight.storage(), gradSums, gradInput.storage());
    return gradInput;
  }
}
