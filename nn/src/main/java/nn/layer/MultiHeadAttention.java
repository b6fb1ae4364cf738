package nn.layer;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.linalg.Linalg.matmul;

import engine.op.attention.Attention;
import engine.op.linalg.Linalg;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.function.Supplier;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * Full attention (PyTorch: nn.MultiheadAttention with batch_first, without dropout): for each head
 * of d channels softmax(q k^T / sqrt(d) + mask) v, the heads side by side, then a linear layer. The
 * queries are divided by sqrt(d) before the product.
 */
public final class MultiHeadAttention extends Module {
  private final AttentionSpec spec;
  private final Projections projections;
  private final Linear output;

  /**
   * @param init of the weights; biases begin at 0
   * @throws IllegalArgumentException if fused projections shall see a context of another width
   */
  public MultiHeadAttention(AttentionSpec spec, AttentionNames names, Initializer init) {
    this.spec = spec;
    this.projections =
        child(
            "",
            switch (names) {
              case AttentionNames.Fused fused -> new Fused(spec, fused, init);
              case AttentionNames.KeyUnbiased fused -> new Fused(spec, fused, init);
              case AttentionNames.Separate separate -> new Separate(spec, separate, init);
            });
    this.output =
        child(names.output(), new Linear(spec.inner(), spec.width(), spec.outputBias(), init));
  }

  /** Query, key and value of every head, [N, heads, T, d] each. */
  private record Heads(Tensor query, Tensor key, Tensor value) {}

  private abstract static sealed class Projections extends Module {
    final AttentionSpec spec;

    Projections(AttentionSpec spec) {
      this.spec = spec;
    }

    abstract Heads itself(Tensor x);

    abstract Heads of(Tensor x, Tensor context);

    /** [N, T, heads d] -> [N, heads, T, d]. */
    final Tensor apart(Tensor x) {
      Tensor split = reshape(x, x.dim(0), x.dim(1), spec.heads(), spec.headWidth());
      return permute(split, 0, 2, 1, 3);
    }
  }

  private static final class Fused extends Projections {
    private final Parameter weight;
    private final Supplier<@Nullable Tensor> bias;

    Fused(AttentionSpec spec, AttentionNames.Fused names, Initializer init) {
      super(requireOneWidth(spec));
      int rows = 3 * spec.inner();
      this.weight = parameter(names.weight(), Shape.of(rows, spec.width()), init);
      Parameter all = spec.bias() ? parameter(names.bias(), Shape.of(rows), Init.zeros()) : null;
      this.bias = all == null ? () -> null : all::value;
    }

    Fused(AttentionSpec spec, AttentionNames.KeyUnbiased names, Initializer init) {
      super(requireOneWidth(spec));
      Shape one = Shape.of(spec.inner());
      Parameter query = parameter(names.query(), one, Init.zeros());
      Parameter value = parameter(names.value(), one, Init.zeros());
      this.weight = parameter(names.weight(), Shape.of(3 * spec.inner(), spec.width()), init);
      this.bias = () -> concat(0, query.value(), Tensor.zeros(one), value.value());
    }

    private static AttentionSpec requireOneWidth(AttentionSpec spec) {
      if (spec.width() != spec.context()) {
        throw new IllegalArgumentException(
            "[attention] one matrix for query, key and value wants one width, got %d and %d"
                .formatted(spec.width(), spec.context()));
      }
      return spec;
    }

    @Override
    Heads itself(Tensor x) {
      int n = x.dim(0);
      int t = x.dim(1);
      Tensor rows = Linalg.linear(x, weight.value(), bias.get());
      // [3, N, heads, T, d]
      Tensor all = permute(reshape(rows, n, t, 3, spec.heads(), spec.headWidth()), 2, 0, 3, 1, 4);
      return new Heads(part(all, 0), part(all, 1), part(all, 2));
    }

    private static Tensor part(Tensor all, int i) {
      Shape s = all.shape();
      return reshape(slice(all, 0, i, i + 1), s.dim(1), s.dim(2), s.dim(3), s.dim(4));
    }

    @Override
    Heads of(Tensor x, Tensor context) {
      return new Heads(rows(x, 0), rows(context, 1), rows(context, 2));
    }

    private Tensor rows(Tensor x, int i) {
      int from = i * spec.inner();
      int to = from + spec.inner();
      Tensor all = bias.get();
      Tensor shift = all == null ? null : slice(all, 0, from, to);
      return apart(Linalg.linear(x, slice(weight.value(), 0, from, to), shift));
    }
  }

  private static final class Separate extends Projections {
    private final Linear query;
    private final Linear key;
    private final Linear value;

    Separate(AttentionSpec spec, AttentionNames.Separate names, Initializer init) {
      super(spec);
      int inner = spec.inner();
      this.query = child(names.query(), new Linear(spec.width(), inner, spec.bias(), init));
      this.key = child(names.key(), new Linear(spec.context(), inner, spec.bias(), init));
      this.value = child(names.value(), new Linear(spec.context(), inner, spec.bias(), init));
    }

    @Override
    Heads itself(Tensor x) {
      return of(x, x);
    }

    @Override
    Heads of(Tensor x, Tensor context) {
      return new Heads(
          apart(query.forward(x)), apart(key.forward(context)), apart(value.forward(context)));
    }
  }

  /** Every token sees every token: [N, T, width] -> the same shape. */
  public Tensor forward(Tensor x) {
    requireTokens("x", x, spec.width());
    requireTokens("x", x, spec.context());
    return seen(projections.itself(x), null);
  }

  /**
   * The same with a mask.
   *
   * @param mask added to the scores before the softmax (PyTorch: attn_mask): negative infinity
   *     where a token (row) must not see another (column); a shape that broadcasts to [N, heads, T,
   *     T], such as [T, T]
   */
  public Tensor masked(Tensor x, Tensor mask) {
    requireTokens("x", x, spec.width());
    requireTokens("x", x, spec.context());
    return seen(projections.itself(x), mask);
  }

  /**
   * Cross attention: tokens see those of a context.
   *
   * @param x [N, T, width], what asks
   * @param context [N, S, context width], what is seen; S at least 1
   * @return [N, T, width]
   */
  public Tensor forward(Tensor x, Tensor context) {
    requireTokens("x", x, spec.width());
    requireTokens("context", context, spec.context());
    ShapeException.require(
        x.dim(0) == context.dim(0),
        "attention",
        "wants as many contexts as samples: x=%s context=%s",
        x.shape(),
        context.shape());
    return seen(projections.of(x, context), null);
  }

  private static void requireTokens(String name, Tensor x, int width) {
    ShapeException.require(
        x.shape().rank() == 3 && x.dim(2) == width,
        "attention",
        "wants %s [N,T,%d], got %s",
        name,
        width,
        x.shape());
  }

  /**
   * @param mask or null
   */
  private Tensor seen(Heads h, @Nullable Tensor mask) {
    Tensor q = scale(h.query(), (float) (1 / Math.sqrt(spec.headWidth())));
    Tensor scores = matmul(q, false, h.key(), true);
    Tensor weights = Attention.softmax(mask == null ? scores : add(scores, mask));
    Tensor seen = permute(matmul(weights, h.value()), 0, 2, 1, 3);
    return output.forward(reshape(seen, seen.dim(0), seen.dim(1), spec.inner()));
  }
}
