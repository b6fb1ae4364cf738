package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.GroupNorm;

/**
 * A norm of a residual block: plain group norm in the encoder; in the decoder group norm modulated
 * by the latent.
 */
abstract sealed class LatentGroupNorm extends Module {
  static final double EPS = 1e-6;

  /**
   * @param pass of the chunk that x is of, with the latent that is being decoded
   */
  abstract Tensor forward(Tensor x, ChunkPass pass);

  /** Group norm alone; the parameters stand directly under the norm's name. */
  static final class Plain extends LatentGroupNorm {
    private final GroupNorm norm;

    Plain(int channels, int groups) {
      this.norm = child("", new GroupNorm(groups, channels, EPS));
    }

    @Override
    Tensor forward(Tensor x, ChunkPass pass) {
      return norm.forward(x);
    }
  }

  /**
   * Spatially conditioned: norm(x) * conv_y(z') + conv_b(z'), z' the latent at the size of x by
   * nearest neighbours. The convolutions are 1x1x1, so they run on the small latent and their
   * results are enlarged, which gives the same bits as the other way round.
   */
  static final class Conditioned extends LatentGroupNorm {
    private final GroupNorm norm;
    private final CausalConv3d scale;
    private final CausalConv3d shift;

    Conditioned(int channels, int groups, int latentChannels) {
      this.norm = child("norm_layer", new GroupNorm(groups, channels, EPS));
      this.scale = child("conv_y", new CausalConv3d(latentChannels, channels, 1));
      this.shift = child("conv_b", new CausalConv3d(latentChannels, channels, 1));
    }

    @Override
    Tensor forward(Tensor x, ChunkPass pass) {
      Tensor z = pass.latent();
      ConvCaches caches = pass.caches();
      return Tape.scoped(() -> {
        // A part of its own, so that two tensors of the size of x are gone before the third comes.
        Tensor scaled =
            Tape.scoped(() -> mul(norm.forward(x), LatentResize.to(scale.forward(z, caches), x)));
        return add(scaled, LatentResize.to(shift.forward(z, caches), x));
      });
    }
  }
}
