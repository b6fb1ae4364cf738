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

  /** Null for a sliding window. */
  private final @Nullable Rotary rotary;

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
    this.rotary =
        spec instanceof WindowSpec.Bucketed bucketed
            ? child(names.rotary(), new Rotary(width / spec.heads(), bucketed))
            : null;
  }

  /** The buffer of rotary frequencies, and the table made from it. */
  private static final class Rotary extends Module {
    private final WindowSpec.Bucketed spec;
    private final Tensor frequencies;
    private float[] tabulated = {};
    private @Nullable Tensor table;

    Rotary(int headWidth, WindowSpec.Bucketed spec) {
      this.spec = spec;
      this.frequencies = buffer("inv_freq", Attention.inverseFrequency(headWidth));
    }

    /** The table of the buffer's present values, which a checkpoint may have replaced. */
    Tensor table() {
      float[] current = frequencies.toArray();
      if (!Arrays.equals(current, tabulated)) {
        table = Attention.rotaryTable(frequencies, spec);
        tabulated = current;
      }
      return table;
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
    Tensor mask = mask(x.shape(), mode);
    Tensor y =
        switch (spec) {
          case WindowSpec.Sliding s ->
              mask == null ? Attention.windowed(q, k, v, s) : Attention.windowed(q, k, v, s, mask);
          case WindowSpec.Bucketed b ->
              mask == null
                  ? Attention.windowed(q, k, v, rotary.table(), b)
                  : Attention.windowed(q, k, v, rotary.table(), b, mask);
        };
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
