package medsora.baseline.sdvae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Recompute;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import medsora.vae.PlainAutoencoder;
import nn.Mode;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/**
 * The image autoencoder under the names that diffusers give it. A clip goes through it frame by
 * frame; a frame knows nothing of the others.
 */
public final class SdVae extends PlainAutoencoder<SdVaeConfig> {
  private final Encoder encoder;
  private final Decoder decoder;
  private final Conv2d quant;
  private final Conv2d postQuant;

  public SdVae(SdVaeConfig config) {
    super(config);
    int latent = config.latentChannels();
    this.encoder = child("encoder", new Encoder(config));
    this.decoder = child("decoder", new Decoder(config));
    this.quant = child("quant_conv", Conv2d.standard(2 * latent, 2 * latent, Kernel2.of(1)));
    this.postQuant = child("post_quant_conv", Conv2d.standard(latent, latent, Kernel2.of(1)));
  }

  /**
   * Mean and raw log-variance on one channel axis.
   *
   * @param x pictures in [-1, 1], [N, 3, H, W], H and W multiples of 8
   * @return [N, 2C, H/8, W/8]
   */
  public Tensor moments(Tensor x) {
    int factor = config().spaceFactor();
    ShapeException.require(
        x.shape().rank() == 4 && x.dim(1) == 3 && x.dim(2) % factor == 0 && x.dim(3) % factor == 0,
        "sdvae encode",
        "wants x=[N,3,H,W] with H and W multiples of %d: x=%s",
        factor,
        x.shape());
    return Tape.scoped(() ->
        quant.forward(encoder.forward(x, (stage, y) -> watcher().gave("encoder." + stage, y))));
  }

  /** Latents [N, C, h, w] -> pictures [N, 3, 8h, 8w]. */
  public Tensor pictures(Tensor z) {
    ShapeException.require(
        z.shape().rank() == 4 && z.dim(1) == config().latentChannels(),
        "sdvae decode",
        "wants z=[N,%d,h,w]: z=%s",
        config().latentChannels(),
        z.shape());
    return Tape.scoped(() ->
        decoder.forward(postQuant.forward(z), (stage, y) -> watcher().gave("decoder." + stage, y)));
  }

  @Override
  public Tensor encodeMoments(Tensor x, Mode mode) {
    return framewise(x, mode, this::moments);
  }

  @Override
  public Tensor decode(Tensor z, Mode mode) {
    return framewise(z, mode, this::pictures);
  }

  /** [b, c, t, h, w] frame by frame, so that the memory is that of one. */
  private Tensor framewise(Tensor x, Mode mode, UnaryOperator<Tensor> body) {
    ShapeException.require(
        x.shape().rank() == 5 && x.dim(2) > 0, "sdvae", "wants [b,c,t,h,w], got %s", x.shape());
    return Tape.scoped(() -> {
      List<Tensor> frames = new ArrayList<>();
      for (int i = 0; i < x.dim(2); i++) {
        Tensor picture = picture(x, i);
        Tensor y =
            recomputes(mode)
                ? Recompute.checkpoint(in -> body.apply(in.get(0)), picture)
                : body.apply(picture);
        Shape s = y.shape();
        frames.add(reshape(y, s.dim(0), s.dim(1), 1, s.dim(2), s.dim(3)));
      }
      return frames.size() == 1 ? frames.getFirst() : concat(2, frames);
    });
  }

  /** Frame i of [b, c, t, h, w]: [b, c, h, w]. */
  private static Tensor picture(Tensor x, int i) {
    Tensor frame = permute(slice(x, 2, i, i + 1), 0, 2, 1, 3, 4);
    return reshape(frame, x.dim(0), x.dim(1), x.dim(3), x.dim(4));
  }
}
