package medsora.baseline.lvdm;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.silu;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv3d;
import nn.layer.GroupNorm;
import nn.layer.Kernel3;
import nn.layer.Linear;
import org.jspecify.annotations.Nullable;

/**
 * Two convolutions beside a skip, between them modulated by the step: h = conv(silu(norm(x))), then
 * skip(x) + conv(silu(norm(h) (1 + scale) + shift)), where scale and shift come from the embedding
 * of the step. The norms are over all frames.
 */
final class ResidualBlock extends Module {
  private final GroupNorm normIn;
  private final Conv3d convIn;
  private final Linear modulation;
  private final GroupNorm normOut;
  private final Conv3d convOut;

  /** Null where the widths are alike. */
  private final @Nullable Conv3d skip;

  ResidualBlock(int in, int embedding, int out) {
    this.normIn = child("in_layers.0", LvdmLayers.norm(in));
    this.convIn = child("in_layers.2", LvdmLayers.conv(in, out));
    this.modulation = child("emb_layers.1", Linear.standard(embedding, 2 * out));
    this.normOut = child("out_layers.0", LvdmLayers.norm(out));
    this.convOut = child("out_layers.3", LvdmLayers.zeroConv(out, out));
    this.skip =
        in == out ? null : child("skip_connection", Conv3d.standard(in, out, Kernel3.of(1)));
  }

  /**
   * @param x [b, in, T, H, W]
   * @param embedding silu of the embedding of each sample's step [b, E]
   * @return [b, out, T, H, W]
   */
  Tensor forward(Tensor x, Tensor embedding) {
    Tensor h = convIn.forward(silu(normIn.forward(x)));
    Tensor both = modulation.forward(embedding);
    int out = both.dim(1) / 2;
    Tensor scale = perChannel(slice(both, 1, 0, out));
    Tensor shift = perChannel(slice(both, 1, out, 2 * out));
    Tensor modulated = add(mul(normOut.forward(h), affine(scale, 1f, 1f)), shift);
    Tensor y = convOut.forward(silu(modulated));
    return add(skip == null ? x : skip.forward(x), y);
  }

  private static Tensor perChannel(Tensor x) {
    return reshape(x, x.dim(0), x.dim(1), 1, 1, 1);
  }
}
