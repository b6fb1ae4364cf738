package medsora.metric.network;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sigmoid;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.AttentionNames;
import nn.layer.AttentionSpec;
import nn.layer.LayerNorm;
import nn.layer.Linear;
import nn.layer.MultiHeadAttention;

/** x = x + attention(norm(x)); x = x + mlp(norm(x)), with the quick form of GELU. */
final class ClipBlock extends Module {
  /** Hidden width of the perceptron over the width. */
  private static final int RATIO = 4;

  /** x sigmoid(1.702 x) is near x Phi(x), and what the weights were trained with. */
  private static final float QUICK = 1.702f;

  private final MultiHeadAttention attention;
  private final LayerNorm first;
  private final Linear in;
  private final Linear out;
  private final LayerNorm second;

  ClipBlock(int width, int heads, double eps) {
    AttentionSpec spec = AttentionSpec.of(width, heads);
    this.attention =
        child("attn", new MultiHeadAttention(spec, AttentionNames.TORCH, Init.fanInUniform()));
    this.first = child("ln_1", new LayerNorm(width, eps));
    this.in = child("mlp.c_fc", new Linear(width, RATIO * width, true, Init.fanInUniform()));
    this.out = child("mlp.c_proj", new Linear(RATIO * width, width, true, Init.fanInUniform()));
    this.second = child("ln_2", new LayerNorm(width, eps));
  }

  /** [N, T, width] -> the same. */
  Tensor forward(Tensor x) {
    Tensor seen = Tape.scoped(() -> add(x, attention.forward(first.forward(x))));
    return Tape.scoped(() -> add(seen, out.forward(quickGelu(in.forward(second.forward(seen))))));
  }

  private static Tensor quickGelu(Tensor x) {
    return mul(x, sigmoid(scale(x, QUICK)));
  }
}
