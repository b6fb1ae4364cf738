package medsora.dino;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.gelu;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.AttentionNames;
import nn.layer.AttentionSpec;
import nn.layer.LayerNorm;
import nn.layer.Linear;
import nn.layer.MultiHeadAttention;

/** x = x + attention(norm(x)); x = x + mlp(norm(x)): every token sees every token. */
final class VitBlock extends Module {
  /** Hidden width of the perceptron over the width. */
  private static final int RATIO = 4;

  private final LayerNorm norm1;
  private final MultiHeadAttention attention;
  private final LayerNorm norm2;
  private final Linear in;
  private final Linear out;

  VitBlock(int width, int heads) {
    this.norm1 = child("norm1", new LayerNorm(width, Vit.EPS));
    AttentionSpec spec = AttentionSpec.of(width, heads);
    this.attention = child("attn", new MultiHeadAttention(spec, AttentionNames.TIMM, Vit.INIT));
    this.norm2 = child("norm2", new LayerNorm(width, Vit.EPS));
    this.in = child("mlp.fc1", new Linear(width, RATIO * width, true, Vit.INIT));
    this.out = child("mlp.fc2", new Linear(RATIO * width, width, true, Vit.INIT));
  }

  /** [N, T, width] -> the same. */
  Tensor forward(Tensor x) {
    Tensor seen = Tape.scoped(() -> add(x, attention.forward(norm1.forward(x))));
    return Tape.scoped(() -> add(seen, out.forward(gelu(in.forward(norm2.forward(seen))))));
  }
}
