package medsora.denoiser;

import static engine.op.elementwise.Elementwise.modulate;
import static engine.op.elementwise.Elementwise.silu;
import static engine.op.layout.Layout.slice;

import engine.op.norm.Norm;
import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.Linear;

/** Norm without affine, modulation by (shift, scale), and the projection to patches of pixels. */
public final class FinalLayer extends Module {
  private static final float EPS = 1e-6f;

  private final int hidden;
  private final Linear linear;
  private final Linear modulation;

  /**
   * @param hidden D
   * @param out numbers of a patch
   */
  public FinalLayer(int hidden, int out) {
    this.hidden = hidden;
    this.linear = child("linear", new Linear(hidden, out, true, Init.zeros()));
    this.modulation =
        child("adaLN_modulation.1", new Linear(hidden, 2 * hidden, true, Init.zeros()));
  }

  /** (shift, scale) side by side: [b, 2 D], from c [b, D]. */
  public Tensor modulation(Tensor c) {
    return modulation.forward(silu(c));
  }

  /** x [b, T, D], its modulation -> [b, T, out]. */
  public Tensor modulated(Tensor x, Tensor parts) {
    Tensor shift = slice(parts, -1, 0, hidden);
    Tensor scale = slice(parts, -1, hidden, 2 * hidden);
    return linear.forward(modulate(Norm.layerNorm(x, null, null, EPS), shift, scale));
  }
}
