package medsora.dino;

import static engine.op.attention.Attention.softmax;
import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.gelu;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.linalg.Linalg.matmul;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.LayerNorm;
import nn.layer.Linear;

/** x = x + attention(norm(x)); x = x + mlp(norm(x)): every token sees every token. */
final class VitBlock extends Module {
  /** Hidden width of the perceptron over the width. */
  private static final int RATIO = 4;

  private final LayerNorm norm1;
  private final Attention attention;
  private final LayerNorm norm2;
  private final Linear in;
  private final Linear out;

  VitBlock(int width, int heads) {
    this.norm1 = child("norm1", new LayerNorm(width, Vit.EPS));
    this.attention = child("attn", new Attention(width, heads));
    this.norm2 = child("norm2", new LayerNorm(width, Vit.EPS));
    this.in = child("mlp.fc1", new Linear(width, RATIO * width, true, Vit.INIT));
    this.out = child("mlp.fc2", new Linear(RATIO * width, width, true, Vit.INIT));
  }

  /** [N, T, width] -> the same. */
  Tensor forward(Tensor x) {
    Tensor seen = Tape.scoped(() -> add(x, attention.forward(norm1.forward(x))));
    return Tape.scoped(() -> add(seen, out.forward(gelu(in.forward(norm2.forward(seen))))));
  }

  /** softmax(q k^T / sqrt(d)) v for each head of d. */
  private static final class Attention extends Module {
    private final Linear qkv;
    private final Linear proj;
    private final int heads;

    Attention(int width, int heads) {
      this.qkv = child("qkv", new Linear(width, 3 * width, true, Vit.INIT));
      this.proj = child("proj", new Linear(width, width, true, Vit.INIT));
      this.heads = heads;
    }

    Tensor forward(Tensor x) {
      Shape s = x.shape();
      int d = s.dim(2) / heads;
      // [3, N, heads, T, d]
      Tensor all = permute(reshape(qkv.forward(x), s.dim(0), s.dim(1), 3, heads, d), 2, 0, 3, 1, 4);
      Tensor q = scale(part(all, 0), (float) (1 / Math.sqrt(d)));
      Tensor weights = softmax(matmul(q, false, part(all, 1), true));
      Tensor seen = matmul(weights, part(all, 2));
      return proj.forward(reshape(permute(seen, 0, 2, 1, 3), s.dim(0), s.dim(1), s.dim(2)));
    }

    private static Tensor part(Tensor all, int i) {
      Shape s = all.shape();
      return reshape(slice(all, 0, i, i + 1), s.dim(1), s.dim(2), s.dim(3), s.dim(4));
    }
  }
}
