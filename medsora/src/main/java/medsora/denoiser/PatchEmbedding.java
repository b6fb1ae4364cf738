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
final class PatchEmbedding extends Module {
  private final Conv2d projection;

  PatchEmbedding(int channels, int hidden, int patch) {
    this.projection =
        child("proj", Conv2d.patches(channels, hidden, patch, Init.xavierUniform(), Init.zeros()));
  }

  Tensor forward(Tensor x) {
    Tensor y = projection.forward(x);
    Tensor tokens = reshape(y, y.dim(0), y.dim(1), y.dim(2) * y.dim(3));
    return permute(tokens, 0, 2, 1);
  }
}
