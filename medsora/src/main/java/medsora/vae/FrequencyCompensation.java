package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.relu;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.BatchNorm;
import nn.layer.Conv2d;
import nn.layer.Conv3d;
import nn.layer.Dropout;
import nn.layer.Kernel2;
import nn.layer.Kernel3;

/**
 * The modules that MedSora adds to the autoencoder (paper section 3.3, Figure 4), each of the form
 * h + f(h): 2-D convolutions rebuild space next to the 2-D samplers, 3-D convolutions rebuild time
 * and space in the decoder.
 */
abstract sealed class FrequencyCompensation extends Module {
  abstract Tensor forward(Tensor h, Mode mode);

  /** A 3x3 convolution that begins at zero. */
  private static Conv2d zero(int channels) {
    return new Conv2d(channels, channels, Kernel2.same(3), 1, Init.zeros(), Init.zeros());
  }

  /**
   * The released code's 2-D form: f = ReLU conv ReLU conv with the two latent frames of a chunk
   * folded into the channels (channel-major). Where it begins as the identity, the second
   * convolution begins at zero, and the ReLU behind it lets gradients pass at exactly 0, where its
   * derivative is a matter of choice: by the usual choice nothing would ever be learned.
   */
  static final class Folded extends FrequencyCompensation {
    private final int channels;
    private final Conv2d first;
    private final Conv2d second;

    private final boolean identity;

    /**
     * @param identity whether the second convolution begins at zero or by PyTorch's default
     */
    Folded(int channels, boolean identity) {
      this.channels = channels;
      this.identity = identity;
      int folded = channels * VaeConfig.LATENTS_PER_CHUNK;
      this.first = child("0", Conv2d.standard(folded, folded, Kernel2.same(3)));
      this.second =
          child("2", identity ? zero(folded) : Conv2d.standard(folded, folded, Kernel2.same(3)));
    }

    @Override
    Tensor forward(Tensor h, Mode mode) {
      Shape s = h.shape();
      ShapeException.require(
          s.dim(2) == VaeConfig.LATENTS_PER_CHUNK,
          "frequencyCompensation",
          "wants chunks of %d latent frames, h=%s",
          VaeConfig.LATENTS_PER_CHUNK,
          s);
      return Tape.scoped(() -> {
        Tensor flat = reshape(h, s.dim(0), channels * s.dim(2), s.dim(3), s.dim(4));
        Tensor g = second.forward(relu(first.forward(flat)));
        Tensor f = identity ? clamp(g, 0f, Float.POSITIVE_INFINITY) : relu(g);
        return reshape(add(flat, f), s.dims());
      });
    }
  }

  /**
   * The 2-D form read from the paper: f = conv ReLU conv on every frame by itself. The second
   * convolution begins at zero, so that training starts from the pretrained autoencoder.
   */
  static final class Framewise extends FrequencyCompensation {
    private final Conv2d first;
    private final Conv2d second;

    Framewise(int channels) {
      this.first = child("0", Conv2d.standard(channels, channels, Kernel2.same(3)));
      this.second = child("2", zero(channels));
    }

    @Override
    Tensor forward(Tensor h, Mode mode) {
      return Tape.scoped(() -> add(h, second.frames(relu(first.frames(h)))));
    }
  }

  /** The 3-D form: f = conv3d dropout ReLU batch-norm; zeros around time, not causal. */
  static final class Volumetric extends FrequencyCompensation {
    private final BatchNorm norm;
    private final Dropout dropout;
    private final Conv3d conv;

    /**
     * @param identity whether the convolution begins at zero or by PyTorch's default (released)
     */
    Volumetric(int channels, boolean identity, float dropout) {
      this.dropout = new Dropout(dropout);
      this.norm = child("0", new BatchNorm(channels));
      this.conv =
          child(
              "3",
              identity
                  ? new Conv3d(channels, channels, Kernel3.same(3), 1, Init.zeros(), Init.zeros())
                  : Conv3d.standard(channels, channels, Kernel3.same(3)));
    }

    @Override
    Tensor forward(Tensor h, Mode mode) {
      return Tape.scoped(
          () -> add(h, conv.forward(dropout.forward(relu(norm.forward(h, mode)), mode))));
    }
  }
}
