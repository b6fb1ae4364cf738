package tools.trace;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.Autoencoder;
import medsora.media.Clip;
import medsora.vae.Moments;
import nn.Mode;

/** Clips as latents of zero mean and unit deviation, as the denoiser sees them. */
public record LatentClips(Autoencoder autoencoder) {
  /** A clip's latents [1, C, f, h, w] and the deviations they are drawn with, of the same shape. */
  public record Latents(Tensor mean, Tensor deviation) {}

  public Latents of(Clip clip) {
    try (Tape scope = Tape.noGrad()) {
      Moments moments = autoencoder.vae().encode(clip.tensor(), Mode.EVAL);
      Tensor mean = autoencoder.statistics().unit(moments.mean());
      Tensor drawn = add(moments.mean(), exp(scale(moments.logVariance(), 0.5f)));
      Tensor deviation = sub(autoencoder.statistics().unit(drawn), mean);
      return new Latents(kept(mean), kept(deviation));
    }
  }

  /** [1, F, C, h, w] of a sampler as [1, C, f, h, w], the first f frames. */
  public static Tensor ofVideo(Tensor drawn, int frames) {
    try (Tape scope = Tape.noGrad()) {
      Tensor video = slice(drawn, 1, 0, frames);
      return kept(permute(video, 0, 2, 1, 3, 4));
    }
  }

  /** The values of [1, C, f, h, w] with frames before channels, as the denoiser has them. */
  public static float[] frames(Tensor latents) {
    try (Tape scope = Tape.noGrad()) {
      return permute(latents, 0, 2, 1, 3, 4).toArray();
    }
  }

  /** Outlives the scope in which it was computed. */
  private static Tensor kept(Tensor x) {
    return Tensor.of(Shape.of(x.shape().dims()), x.toArray());
  }
}
