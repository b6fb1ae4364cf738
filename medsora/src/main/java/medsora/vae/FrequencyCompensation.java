package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.elementwise.Elementwise.relu;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import nn.layer.BatchNorm;
import nn.layer.Conv2d;
import nn.layer.Conv3d;
import nn.layer.Dropout;
import nn.layer.ParameterGroup;

/**
 * The modules that MedSora adds to the autoencoder (paper section 3.3, Figure 4), each of the form
 * h + f(h): 2-D convolutions rebuild space next to the 2-D samplers, 3-D convolutions rebuild time
 * and space in the decoder.
 */
abstract sealed class FrequencyCompensation extends Module {
  abstract Tensor forward(Tensor h, Mode mode);

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
      this.first = child("0", Conv2d.standard(folded, folded, 3, Stride2.ONE, Padding2.of(1)));
      this.second =
          child(
              "2",
              identity
                  ? new Conv2d(
                      folded, folded, 3, Stride2.ONE, Padding2.of(1), Init.zeros(), Init.zeros())
                  : Conv2d.standard(folded, folded, 3, Stride2.ONE, Padding2.of(1)));
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
    private final Parameter[] weights = new Parameter[2];
    private final Parameter[] biases = new Parameter[2];

    Framewise(int channels) {
      Initializer bound = Init.uniform(1 / Math.sqrt(9.0 * channels));
      for (int i = 0; i < 2; i++) {
        ParameterGroup conv = child(Integer.toString(2 * i), new ParameterGroup());
        Initializer init = i == 0 ? bound : Init.zeros();
        weights[i] = conv.add("weight", Shape.of(channels, channels, 3, 3), init);
        biases[i] = conv.add("bias", Shape.of(channels), init);
      }
    }

    @Override
    Tensor forward(Tensor h, Mode mode) {
      return Tape.scoped(() -> add(h, conv(1, relu(conv(0, h)))));
    }

    private Tensor conv(int i, Tensor x) {
      Shape w = weights[i].shape();
      Tensor kernel = reshape(weights[i].value(), w.dim(0), w.dim(1), 1, 3, 3);
      return Conv.conv3d(x, kernel, biases[i].value(), Stride3.ONE, Padding3.both(0, 1, 1), 1);
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
                  ? new Conv3d(channels, channels, 3, Padding3.both(1, 1, 1), Init.zeros())
                  : new Conv3d(channels, channels, 3, Padding3.both(1, 1, 1)));
    }

    @Override
    Tensor forward(Tensor h, Mode mode) {
      return Tape.scoped(
          () -> add(h, conv.forward(dropout.forward(relu(norm.forward(h, mode)), mode))));
    }
  }
}
