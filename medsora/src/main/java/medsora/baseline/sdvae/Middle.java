package medsora.baseline.sdvae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.AttentionNames;
import nn.layer.AttentionSpec;
import nn.layer.GroupNorm;
import nn.layer.MultiHeadAttention;

/**
 * The deepest part of encoder and decoder: a residual block, attention of one head in which every
 * place sees every place, a residual block. The attention stands first in the state dict.
 */
final class Middle extends Module {
  private final GroupNorm norm;
  private final MultiHeadAttention attention;
  private final Residual before;
  private final Residual after;

  Middle(int width, int groups) {
    this.norm = child("attentions.0.group_norm", new GroupNorm(groups, width, Residual.EPS));
    AttentionSpec spec = AttentionSpec.of(width, 1);
    this.attention =
        child(
            "attentions.0",
            new MultiHeadAttention(spec, AttentionNames.LATENT_DIFFUSION, Init.fanInUniform()));
    this.before = child("resnets.0", new Residual(width, width, groups));
    this.after = child("resnets.1", new Residual(width, width, groups));
  }

  /** [N, width, h, w] -> the same. */
  Tensor forward(Tensor x) {
    return Tape.scoped(() -> after.forward(attended(before.forward(x))));
  }

  private Tensor attended(Tensor x) {
    return Tape.scoped(() -> {
      Shape s = x.shape();
      Tensor rows = reshape(norm.forward(x), s.dim(0), s.dim(1), s.dim(2) * s.dim(3));
      Tensor seen = attention.forward(permute(rows, 0, 2, 1));
      return add(x, reshape(permute(seen, 0, 2, 1), s.dim(0), s.dim(1), s.dim(2), s.dim(3)));
    });
  }
}
