package medsora.denoiser;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.Conv2d;

/**
 * Cuts frames into patches and embeds each as a token: a convolution with kernel and stride {@code
 * patch}. [N, C, S, S] -> [N, (S/patch)^2, D], row-major.
 */
public final class PatchEmbedding extends Module {
  private final Conv2d projection;

  /**
   * @param patch side of a patch
   */
  public PatchEmbedding(int channels, int hidden, int patch) {
    this.projection =
        child("proj", Conv2d.patches(channels, hidden, patch, Init.xavierUniform(), Init.zeros()));
  }

  /** [N, C, S, S] -> [N, (S/patch)^2, D]. */
  public Tensor forward(Tensor x) {
    Tensor y = projection.forward(x);
    Tensor tokens = reshape(y, y.dim(0), y.dim(1), y.dim(2) * y.dim(3));
    return permute(tokens, 0, 2, 1);
  }

  /**
   * The inverse cut, of what a network gives for each token: index (p, q, c) of token (h, w) is
   * channel c of pixel (h patch + p, w patch + q).
   *
   * @param x [b, f*l, patch*patch*C], l = grid^2
   * @return [b, f, C, S, S]
   */
  public static Tensor unpatchify(Tensor x, int frames, int grid, int patch) {
    int b = x.dim(0);
    int c = x.dim(2) / (patch * patch);
    Tensor parts = reshape(x, b, frames, grid, grid, patch, patch, c);
    Tensor pixels = permute(parts, 0, 1, 6, 2, 4, 3, 5);
    return reshape(pixels, b, frames, c, grid * patch, grid * patch);
  }
}
