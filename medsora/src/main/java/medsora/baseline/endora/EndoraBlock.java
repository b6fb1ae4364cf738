package medsora.baseline.endora;

import static engine.op.elementwise.Elementwise.gateAdd;
import static engine.op.elementwise.Elementwise.geluTanh;
import static engine.op.elementwise.Elementwise.modulate;
import static engine.op.elementwise.Elementwise.silu;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.op.norm.Norm;
import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.AttentionNames;
import nn.layer.AttentionSpec;
import nn.layer.Linear;
import nn.layer.MultiHeadAttention;

/**
 * x = x + gate attention(modulate(norm(x))); x = x + gate mlp(modulate(norm(x))), with shift, scale
 * and gate of both from the timestep (adaLN-Zero). Norms have no parameters; the perceptron is four
 * times as wide, with GELU in the form with tanh.
 */
final class EndoraBlock extends Module {
  private static final int MODULATIONS = 6;
  private static final int RATIO = 4;
  private static final float EPS = 1e-6f;

  private final int width;
  private final MultiHeadAttention attention;
  private final Linear in;
  private final Linear out;
  private final Linear modulation;

  EndoraBlock(int width, int heads) {
    this.width = width;
    AttentionSpec spec = AttentionSpec.of(width, heads);
    this.attention =
        child("attn", new MultiHeadAttention(spec, AttentionNames.TIMM, Init.xavierUniform()));
    this.in = child("mlp.fc1", new Linear(width, RATIO * width, true, Init.xavierUniform()));
    this.out = child("mlp.fc2", new Linear(RATIO * width, width, true, Init.xavierUniform()));
    this.modulation =
        child("adaLN_modulation.1", new Linear(width, MODULATIONS * width, true, Init.zeros()));
  }

  /** (shift, scale, gate) of attention and perceptron side by side: [b, 6 D], from c [b, D]. */
  Tensor modulation(Tensor c) {
    return modulation.forward(silu(c));
  }

  /** x [b, f*l, D] -> the same, the sequences given. */
  Tensor modulated(Tensor x, Tensor all, Sequences sequences) {
    Tensor seen =
        Tape.scoped(() -> {
          Tensor asked = modulate(norm(x), part(all, 0), part(all, 1));
          Tensor a = attention.forward(sequences.of(asked));
          return gateAdd(x, part(all, 2), sequences.back(a, x.dim(0)));
        });
    return Tape.scoped(() -> {
      Tensor h = in.forward(modulate(norm(seen), part(all, 3), part(all, 4)));
      return gateAdd(seen, part(all, 5), out.forward(geluTanh(h)));
    });
  }

  private static Tensor norm(Tensor x) {
    return Norm.layerNorm(x, null, null, EPS);
  }

  private Tensor part(Tensor all, int i) {
    return slice(all, -1, i * width, (i + 1) * width);
  }
}
