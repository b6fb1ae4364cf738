package medsora.denoiser;

import engine.op.attention.Attention;
import engine.op.attention.WindowSpec;
import engine.op.random.Randoms;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.Linear;

/**
 * Local attention over the tokens of a frame in raster order (paper Eq. 6 and 7). Two forms: the
 * paper's band |i-j| <= w/2 with several heads joined by W_o; and the released code's, which looks
 * one window of w tokens back and forward, with one head, rotary embedding and no W_o.
 */
final class LocalAttention extends Module {
  private final WindowSpec spec;
  private final float dropout;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final Rotary rotary;

  LocalAttention(DenoiserConfig config) {
    DenoiserConfig.Switches s = config.switches();
    int d = config.hidden();
    this.dropout = s.attentionDropout();
    this.query = child("query_matrix", new Linear(d, d, false, Init.xavierUniform()));
    this.key = child("key_matrix", new Linear(d, d, false, Init.xavierUniform()));
    this.value = child("value_matrix", new Linear(d, d, false, Init.xavierUniform()));
    this.output =
        s.attentionOutput()
            ? child("output_matrix", new Linear(d, d, false, Init.xavierUniform()))
            : null;
    if (s.rotary()) {
      WindowSpec.Bucketed bucketed =
          new WindowSpec.Bucketed(s.heads(), config.window(), 1, 1, true);
      this.spec = bucketed;
      this.rotary = child("local_attention.rel_pos", new Rotary(d / s.heads(), bucketed));
    } else {
      this.spec = new WindowSpec.Sliding(s.heads(), config.window());
      this.rotary = null;
    }
  }

  /** The released code's buffer of rotary frequencies, and the table made from it. */
  private static final class Rotary extends Module {
    private final WindowSpec.Bucketed spec;
    private final Tensor frequencies;
    private float[] tabulated = {};
    private Tensor table;

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

  /** Tokens [b f, l, D] -> the same shape. */
  Tensor forward(Tensor x, Mode mode) {
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
  private Tensor mask(Shape x, Mode mode) {
    if (!mode.isTraining() || dropout == 0f) {
      return null;
    }
    Shape weights = Shape.of(x.dim(0), spec.heads(), x.dim(1), spec.slots());
    return Randoms.dropoutMask(weights, dropout, mode.nextKey());
  }
}
