package medsora.metric.network;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.gelu;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.AttentionNames;
import nn.layer.AttentionSpec;
import nn.layer.LayerNorm;
import nn.layer.Linear;
import nn.layer.MultiHeadAttention;

/** x = x + attention(norm(x)); x = x + mlp(norm(x)); keys have no bias. */
final class VideoMaeBlock extends Module {
  private final LayerNorm norm1;
  private final MultiHeadAttention attention;
  private final LayerNorm norm2;
  private final Linear in;
  private final Linear out;

  VideoMaeBlock(VideoMaeConfig c) {
    this.norm1 = child("norm1", new LayerNorm(c.width(), VideoMae.EPS));
    AttentionSpec spec = AttentionSpec.of(c.width(), c.heads());
    this.attention =
        child("attn", new MultiHeadAttention(spec, AttentionNames.BEIT, Init.fanInUniform()));
    this.norm2 = child("norm2", new LayerNorm(c.width(), VideoMae.EPS));
    this.in = child("mlp.fc1", new Linear(c.width(), c.hidden(), true, Init.fanInUniform()));
    this.out = child("mlp.fc2", new Linear(c.hidden(), c.width(), true, Init.fanInUniform()));
  }

  /** [N, T, width] -> the same. */
  Tensor forward(Tensor x) {
    Tensor seen = Tape.scoped(() -> add(x, attention.forward(norm1.forward(x))));
    return Tape.scoped(() -> add(seen, out.forward(gelu(in.forward(norm2.forward(seen))))));
  }
}
