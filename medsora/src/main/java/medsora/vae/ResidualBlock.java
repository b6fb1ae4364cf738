package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.silu;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import nn.Module;
import nn.layer.Conv3d;
import nn.layer.Kernel3;
import org.jspecify.annotations.Nullable;

/**
 * norm, SiLU, causal convolution, norm, SiLU, causal convolution, plus the input (through a 1x1x1
 * convolution where the widths differ).
 */
final class ResidualBlock extends Module {
  private final LatentGroupNorm norm1;
  private final LatentGroupNorm norm2;
  private final CausalConv3d conv1;
  private final CausalConv3d conv2;
  private final @Nullable Conv3d shortcut;

  /**
   * @param latentChannels channels of the latent that conditions the norms; 0 for plain norms
   */
  ResidualBlock(int in, int out, int groups, int latentChannels) {
    this.norm1 = child("norm1", norm(in, groups, latentChannels));
    this.norm2 = child("norm2", norm(out, groups, latentChannels));
    this.conv1 = child("conv1", new CausalConv3d(in, out, 3));
    this.conv2 = child("conv2", new CausalConv3d(out, out, 3));
    this.shortcut =
        in == out ? null : child("conv_shortcut", Conv3d.standard(in, out, Kernel3.of(1)));
  }

  static LatentGroupNorm norm(int channels, int groups, int latentChannels) {
    return latentChannels == 0
        ? new LatentGroupNorm.Plain(channels, groups)
        : new LatentGroupNorm.Conditioned(channels, groups, latentChannels);
  }

  Tensor forward(Tensor x, ChunkPass pass) {
    ConvCaches caches = pass.caches();
    return Tape.scoped(() -> {
      Tensor h = Tape.scoped(() -> silu(norm1.forward(x, pass)));
      h = conv1.consume(h, caches);
      h = Tape.consume(h, t -> silu(norm2.forward(t, pass)));
      h = conv2.consume(h, caches);
      return add(shortcut == null ? x : shortcut.forward(x), h);
    });
  }
}
