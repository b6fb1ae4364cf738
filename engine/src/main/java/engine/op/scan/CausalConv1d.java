package engine.op.scan;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CausalConv1dArgs;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.Walks;
import engine.numeric.NumericContract;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal depthwise convolution along a sequence, channels last: x [B,L,W], weight [C,1,K], bias [C]
 * or none -> [B,L,C]; y[b,l,c] = sum_k weight[c,k] x[b,l-K+1+k,from+c] + bias[c], zeros before the
 * first step, then SiLU if asked for. Reads the channels [from, from + C) of x where they lie,
 * whose gradient is zero elsewhere; {@code from} = {@link #ALL} wants W = C. In PyTorch: conv1d
 * with groups = C on a sequence padded by K - 1 zeros in front.
 *
 * <p>What surrounds it in Mamba comes at the same price: channels behind those of the convolution
 * that are carried along unchanged, and walks through the tokens in place of their own order.
 *
 * @param carried channels [from + C, from + C + carried) of x follow those of the convolution
 * @param walks if not null, the sequences are those of the walks through x [B,T,W]: the result is
 *     [B * sequences, length, C + carried]
 */
public record CausalConv1d(boolean silu, int from, int carried, @Nullable Walks walks)
    implements Op {
  /** The convolution covers every channel of x. */
  public static final int ALL = -1;

  private static final int MOST_TAPS = NumericContract.SEGMENT;

  public CausalConv1d(boolean silu) {
    this(silu, ALL);
  }

  public CausalConv1d(boolean silu, int from) {
    this(silu, from, 0, null);
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
          x.dim(2) == channels + carried,
          "weight wants %d channels%s, x has %d: %s",
          channels,
          carried == 0 ? "" : " and " + carried + " are carried along",
          x.dim(2),
          all);
    } else {
      require(
          from >= 0 && channels + carried <= x.dim(2) - from,
          "channels [%d,%d) are outside x: %s",
          from,
          from + channels + carried,
          all);
    }
    require(
        walks == null || walks.tokens() == x.dim(1),
        "the walks have %d tokens: %s",
        walks == null ? 0 : walks.tokens(),
        all);
    if (in.size() > 2) {
      require(in.get(2).equals(Shape.of(channels)), "bias wants [%d]: %s", channels, all);
    }
    int width = channels + carried;
    return walks == null
        ? x.with(2, width)
        : Shape.of(x.dim(0) * walks.sequences(), walks.length(), width);
  }

  private static void require(boolean condition, String text, Object... arguments) {
    ShapeException.require(condition, "causalConv1d", text, arguments);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.causalConv1d()
        .forward(
            args(in.get(0), in.get(1)),
            in.get(0).storage(),
            in.get(1).storage(),
            in.size() > 2 ? in.get(2).storage() : null,
            y.storage());
    return y;
  }

  private CausalConv1dArgs args(Tensor x, Tensor weight) {
    int tokens = x.dim(0) * x.dim(1);
    return new CausalConv1dArgs(
        walks == null ? tokens : tokens * walks.count(),
        walks == null ? x.dim(1) : walks.length(),
        weight.dim(0),
        weight.dim(2),
        x.dim(2),
        Math.max(0, from),
        carried,
        silu,
        walks);
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
      k.causalConv1d().gradSums(args, x.storage(), weight.storage(), bias, g.storage(), gradSums);
    }
    List<Tensor> gradients = new ArrayList<>();
    gradients.add(saved.needs(0) ? gradInput(k, args, x, weight, gradSums) : null);
    Tensor gradWeight = null;
    if (saved.needs(1)) {
      gradWeight = new Tensor(weight.shape(), k.allocate(weight.size()));
      k.causalConv1d().gradWeight(args, x.storage(), gradSums, gradWeight.storage());
    }
    gradients.add(gradWeight);
    if (biased) {
      gradients.add(saved.needs(2) ? gradBias(k, args, gradSums) : null);
    }
    if (silu) {
      gradSums.release();
    }
    return gradients;
  }

  private static Tensor gradInput(
      Kernels k, CausalConv1dArgs args, Tensor x, Tensor weight, Storage gradSums) {
    Tensor gradInput = new Tensor(x.shape(), k.allocate(x.size()));
    if (args.width() < args.rowStride()) {
      k.copies().fill(gradInput.storage(), 0f, x.size());
    }
    k.causalConv1d().gradInput(args, weight.storage(), gradSums, gradInput.storage());
    return gradInput;
  }

  /** Sums over the rows; those of what is carried along are made and dropped. */
  private static Tensor gradBias(Kernels k, CausalConv1dArgs args, Storage gradSums) {
    Storage sums = k.allocate(args.width());
    k.reduce().sum(new ReduceArgs(1, args.rows(), args.width()), gradSums, sums);
    Tensor gradBias = new Tensor(Shape.of(args.channels()), k.allocate(args.channels()));
    k.copies().copy(sums, gradBias.storage(), args.channels());
    sums.release();
    return gradBias;
  }
}
