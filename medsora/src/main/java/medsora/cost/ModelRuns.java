package medsora.cost;

import static engine.op.elementwise.Elementwise.abs;
import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;

import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.config.TrainConfig;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Practice;
import medsora.vae.ClipAutoencoder;
import medsora.vae.Moments;
import nn.Mode;
import nn.loss.FocalFrequencyLoss;

/** The forward passes and training steps of both models, on shapes alone. */
public final class ModelRuns {
  private static final int STEP = 500;

  private ModelRuns() {}

  /** One prediction for one clip. */
  public static ShapeRun predict(NoisePredictor denoiser) {
    return ShapeRun.of(
        denoiser.module(), () -> denoiser.forward(clip(denoiser), new float[] {STEP}, Mode.EVAL));
  }

  /** One prediction as sampling makes it, [1, frames, channels, height, width]. */
  public static Tensor prediction(NoisePredictor denoiser) {
    return prediction(denoiser, clip(denoiser));
  }

  /** The same of a clip [1, frames, channels, height, width]. */
  public static Tensor prediction(NoisePredictor denoiser, Tensor x) {
    float[] step = {STEP};
    return denoiser.prepared(step).predict(x, step);
  }

  /** A training step of one clip: prediction and loss. */
  public static ShapeRun train(NoisePredictor denoiser, boolean recompute) {
    denoiser.setRecompute(recompute);
    return ShapeRun.of(denoiser.module(), () -> loss(denoiser));
  }

  /** The loss of one clip, as training records it: one element []. */
  public static Tensor loss(NoisePredictor denoiser) {
    return loss(denoiser, clip(denoiser));
  }

  /** The same of a noised clip [1, frames, channels, height, width]. */
  public static Tensor loss(NoisePredictor denoiser, Tensor noised) {
    Mode mode = Mode.training(0, 0);
    Tensor y = denoiser.forward(noised, new float[] {STEP}, mode).prediction();
    Practice practice = denoiser.practice();
    return new NoiseLoss(practice.schedule(), practice.error())
        .terms(y, noised, noised, new int[] {STEP})
        .total();
  }

  /** The latents of a clip and its images, [1, frames, channels, height, width]. */
  public static Tensor clip(NoisePredictor denoiser) {
    return ShapeStorage.tensor(denoiser.latents().of(1).dims());
  }

  /** A clip of pixels to the moments of its latents. */
  public static ShapeRun encode(ClipAutoencoder vae, int frames, int size) {
    return ShapeRun.of(
        vae.module(), () -> vae.encode(ShapeStorage.tensor(1, 3, frames, size, size), Mode.EVAL));
  }

  /** The latents of a clip to pixels. */
  public static ShapeRun decode(ClipAutoencoder vae, int frames, int size) {
    int side = size / vae.config().spaceFactor();
    int latents = frames / vae.config().timeFactor();
    int channels = vae.config().latentChannels();
    return ShapeRun.of(
        vae.module(),
        () -> vae.decode(ShapeStorage.tensor(1, channels, latents, side, side), Mode.EVAL));
  }

  /** A training step of one clip: encode, draw, decode and compare. */
  public static ShapeRun train(ClipAutoencoder vae, TrainConfig config) {
    setTrainable(vae, config);
    vae.setRecompute(config.vaeTraining().recompute());
    return ShapeRun.of(vae.module(), () -> loss(vae, config));
  }

  /** Freezes what a configuration does not train. */
  public static void setTrainable(ClipAutoencoder vae, TrainConfig config) {
    config.vaeTraining().freeze(vae);
  }

  /**
   * The loss of one clip, one element [], without the divergence of its latents, which is small.
   */
  public static Tensor loss(ClipAutoencoder vae, TrainConfig config) {
    int size = config.data().size();
    return loss(vae, ShapeStorage.tensor(1, 3, config.vaeTraining().frames(), size, size));
  }

  /** The same of a clip [1, 3, frames, height, width]. */
  public static Tensor loss(ClipAutoencoder vae, Tensor x) {
    Mode mode = Mode.training(0, 0);
    Moments moments = vae.encode(x, mode);
    Tensor y = vae.decode(moments.sample(new RandomKey(0, 0, 0)), mode);
    return add(mean(abs(sub(y, x))), FocalFrequencyLoss.STANDARD.of(planes(y), planes(x)));
  }

  private static Tensor planes(Tensor x) {
    Shape s = x.shape();
    return reshape(permute(x, 0, 2, 1, 3, 4), s.dim(0), s.dim(2) * s.dim(1), s.dim(3), s.dim(4));
  }
}
