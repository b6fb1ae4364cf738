package nn.layer;

import engine.op.attention.Attention;
import engine.op.attention.WindowSpec;
import engine.op.random.Randoms;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import nn.Mode;
import nn.Module;
import nn.init.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * Attention in which a token sees only those near it (see {@link WindowSpec}): the heads of {@link
 * Attention#windowed} between linear layers without biases. Bucketed windows come with rotary
 * embedding, as in the package local-attention.
 */
public final class WindowedAttention extends Module {
  private final WindowSpec spec;
  private final float dropout;
  private final Linear query;
  private final Linear key;
  private final Linear value;

  /** Null where the heads side by side are the result. */
  private final @Nullable Linear output;

  private final Heads heads;

  /**
   * What the parts are called in a state dict.
   *
   * @param rotary the module of the buffer {@code inv_freq}, which bucketed windows have
   */
  public record Names(AttentionNames.Separate layers, String rotary) {}

  /**
   * @param width of the tokens, a multiple of the heads (of twice the heads in bucketed windows)
   * @param output whether a linear layer joins the heads
   * @param dropout probability that a weight is dropped in training, in [0, 1)
   * @param init of the weights
   */
  public WindowedAttention(
      int width, WindowSpec spec, Names names, boolean output, float dropout, Initializer init) {
    AttentionNames.Separate layers = names.layers();
    this.spec = spec;
    this.dropout = dropout;
    this.query = child(layers.query(), new Linear(width, width, false, init));
    this.key = child(layers.key(), new Linear(width, width, false, init));
    this.value = child(layers.value(), new Linear(width, width, false, init));
    this.output = output ? child(layers.output(), new Linear(width, width, false, init)) : null;
    this.heads =
        switch (spec) {
          case WindowSpec.Sliding sliding -> new Band(sliding);
          case WindowSpec.Bucketed bucketed ->
              child(names.rotary(), new Rotary(width / spec.heads(), bucketed));
        };
  }

  /** The heads' results side by side. */
  private interface Heads {
    /**
     * @param mask factors of the attention weights; null for none
     */
    Tensor attend(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask);
  }

  private record Band(WindowSpec.Sliding spec) implements Heads {
    @Override
    public Tensor attend(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
      return mask == null
          ? Attention.windowed(q, k, v, spec)
          : Attention.windowed(q, k, v, spec, mask);
    }
  }

  /** The buffer of rotary frequencies, and the table made from it. */
  private static final class Rotary extends Module implements Heads {
    private final WindowSpec.Bucketed spec;
    private final Tensor frequencies;

    /** Null before the first use. */
    private @Nullable Table table;

    private record Table(float[] frequencies, Tensor values) {}

    Rotary(int headWidth, WindowSpec.Bucketed spec) {
      this.spec = spec;
      this.frequencies = buffer("inv_freq", Attention.inverseFrequency(headWidth));
    }

    @Override
    public Tensor attend(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
      return mask == null
          ? Attention.windowed(q, k, v, table(), spec)
          : Attention.windowed(q, k, v, table(), spec, mask);
    }

    /** The table of the buffer's present values, which a checkpoint may have replaced. */
    private Tensor table() {
      float[] current = frequencies.toArray();
      Table known = table;
      if (known == null || !Arrays.equals(current, known.frequencies())) {
        known = new Table(current, Attention.rotaryTable(frequencies, spec));
        table = known;
      }
      return known.values();
    }
  }

  /**
   * Tokens [N, L, width] -> the same shape.
   *
   * @throws engine.tensor.ShapeException if x has another width, or L is no multiple of a bucketed
   *     window
   */
  public Tensor forward(Tensor x, Mode mode) {
    Tensor q = query.forward(x);
    Tensor k = key.forward(x);
    Tensor v = value.forward(x);
    Tensor y = heads.attend(q, k, v, mask(x.shape(), mode));
    return output == null ? y : output.forward(y);
  }

  /** Factors 0 or 1 / (1 - p) for the attention weights; none in evaluation. */
  private @Nullable Tensor mask(Shape x, Mode mode) {
    if (!mode.isTraining() || dropout == 0f) {
      return null;
    }
    Shape weights = Shape.of(x.dim(0), spec.heads(), x.dim(1), spec.slots());
    return Randoms.dropoutMask(weights, dropout, mode.nextKey());
  }
}
