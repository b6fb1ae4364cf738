package medsora.denoiser;

import engine.op.attention.WindowSpec;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.AttentionNames;
import nn.layer.WindowedAttention;

/**
 * Local attention over the tokens of a frame in raster order (paper Eq. 6 and 7). Two forms: the
 * paper's band |i-j| <= w/2 with several heads joined by W_o; and the released code's, which looks
 * one window of w tokens back and forward, with one head, rotary embedding and no W_o.
 */
final class LocalAttention extends Module {
  /** As released; W_o has its name from the others. */
  private static final WindowedAttention.Names NAMES =
      new WindowedAttention.Names(
          new AttentionNames.Separate(
              "query_matrix", "key_matrix", "value_matrix", "output_matrix"),
          "local_attention.rel_pos");

  private final WindowedAttention attention;

  LocalAttention(DenoiserConfig config) {
    DenoiserConfig.Switches s = config.switches();
    WindowSpec spec =
        s.rotary()
            ? new WindowSpec.Bucketed(s.heads(), config.window(), 1, 1, true)
            : new WindowSpec.Sliding(s.heads(), config.window());
    this.attention =
        child(
            "",
            new WindowedAttention(
                config.hidden(),
                spec,
                NAMES,
                s.attentionOutput(),
                s.attentionDropout(),
                Init.xavierUniform()));
  }

  /** Tokens [b f, l, D] -> the same shape. */
  Tensor forward(Tensor x, Mode mode) {
    return attention.forward(x, mode);
  }
}
