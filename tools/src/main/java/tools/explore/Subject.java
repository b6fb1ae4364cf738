package tools.explore;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import medsora.Autoencoder;
import medsora.MedSora;
import medsora.denoiser.Denoiser;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Schedule;
import medsora.diffusion.VelocityNetwork;
import medsora.media.Clip;
import medsora.phantom.Phantom;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;
import nn.Parameter;

/**
 * What is looked at: a model, and a clip of the phantom on its way through it at one diffusion
 * step.
 *
 * @param name of the model
 * @param denoiser the network inside the model's predictor
 * @param phantom of the clip
 * @param clip the frames that are encoded
 * @param start z_0 [1, F, C, h, w]: the clip's latents, and those of images of other clips
 * @param noise of the same shape
 * @param noised z_t, of the same shape
 * @param prediction the noise that the network sees, of the same shape
 * @param loss mean of (noise - prediction)^2, Eq. 17
 * @param step t
 * @param seed of the noise and of the samples
 * @param pieces what the network's pieces gave, see {@link medsora.denoiser.PieceWatcher}
 */
record Subject(
    String name,
    MedSora model,
    Denoiser denoiser,
    Phantom phantom,
    Clip clip,
    Tensor start,
    Tensor noise,
    Tensor noised,
    Tensor prediction,
    float loss,
    int step,
    long seed,
    Map<String, Tensor> pieces) {
  /** A seed of the phantom that no training here uses. */
  private static final long DATA_SEED = 901;

  private static final long STREAM = 0x6578_706cL;
  private static final int FRAMES = 16;

  /**
   * Sends a clip through a model.
   *
   * @param clip number of the phantom's clip
   * @param step t, 0 to 999
   */
  static Subject of(String name, MedSora model, int clip, int step, long seed) {
    Denoiser denoiser = denoiser(model.denoiser());
    Phantom phantom = new Phantom(DATA_SEED, clip, FRAMES + 1);
    Clip frames = phantom.clip(model.autoencoder().size()).first(FRAMES);
    Tensor start = start(model, frames, clip);
    float[] drawn = new float[start.size()];
    new RandomKey(seed, STREAM, step).random().normal(drawn, 0, drawn.length);
    Tensor noise = Tensor.of(start.shape(), drawn);
    Map<String, Tensor> pieces = new TreeMap<>();
    denoiser.watch((piece, value) -> pieces.put(piece, copy(value)));
    try (Tape scope = Tape.noGrad()) {
      NoiseLoss loss = new NoiseLoss(Schedule.full());
      Tensor noised = loss.noised(start, noise, new int[] {step});
      Tensor prediction =
          model.denoiser().forward(noised, new float[] {step}, Mode.EVAL).prediction();
      float total = loss.terms(prediction, start, noise, new int[] {step}).mse().toArray()[0];
      Tensor eps = copy(slice(prediction, 2, 0, start.dim(2)));
      return new Subject(
          name,
          model,
          denoiser,
          phantom,
          frames,
          start,
          noise,
          copy(noised),
          eps,
          total,
          step,
          seed,
          pieces);
    } finally {
      denoiser.watch(medsora.denoiser.PieceWatcher.NONE);
    }
  }

  /**
   * The network of the paper inside what a model predicts noise with.
   *
   * @throws IllegalArgumentException where the model is of another kind
   */
  private static Denoiser denoiser(NoisePredictor predictor) {
    return switch (predictor) {
      case Denoiser own -> own;
      case VelocityNetwork velocity -> denoiser(velocity.network());
      default ->
          throw new IllegalArgumentException(
              "[explore] wants a model of kind medsora, got "
                  + predictor.getClass().getSimpleName());
    };
  }

  /** The autoencoder of the paper. */
  Vae vae() {
    if (model.autoencoder().vae() instanceof Vae own) {
      return own;
    }
    throw new IllegalArgumentException(
        "[explore] wants an autoencoder of kind medsora, got "
            + model.autoencoder().vae().config().kind());
  }

  /** z_0: the clip, and as images the first frames of other clips. */
  private static Tensor start(MedSora model, Clip frames, int clip) {
    NoisePredictor.Latents latents = model.denoiser().latents();
    Autoencoder autoencoder = model.autoencoder();
    int images = (latents.frames() - latents.videoFrames()) * VaeConfig.TIME_FACTOR;
    Tensor video = autoencoder.encode(frames);
    if (images == 0) {
      return video;
    }
    List<byte[]> others = new ArrayList<>();
    int size = frames.height();
    for (int i = 0; i < images; i++) {
      others.add(new Phantom(DATA_SEED, clip + 1 + i, 1).frame(0, size));
    }
    try (Tape scope = Tape.noGrad()) {
      Tensor of = autoencoder.encode(Clip.of("images", size, size, others));
      return copy(concat(1, video, of));
    }
  }

  /** Outlives the scope in which it was computed. */
  static Tensor copy(Tensor x) {
    return Tensor.of(x.shape(), x.toArray());
  }

  /** What a piece of a block gave. */
  Tensor piece(int block, String name) {
    return piece("blocks." + block + "." + name);
  }

  /** What a piece of the network gave. */
  Tensor piece(String name) {
    Tensor found = pieces.get(name);
    if (found == null) {
      throw new IllegalStateException("[explore] the network did not show its " + name);
    }
    return found;
  }

  /** A weight of a block. */
  Tensor weight(int block, String name) {
    Parameter found = denoiser.parameters().get("blocks." + block + "." + name);
    if (found == null) {
      throw new IllegalStateException("[explore] block " + block + " has no " + name);
    }
    return found.value();
  }

  boolean hasWeight(int block, String name) {
    return denoiser.parameters().containsKey("blocks." + block + "." + name);
  }
}
