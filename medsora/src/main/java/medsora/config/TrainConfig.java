package medsora.config;

import engine.kernel.EmaArgs;
import java.util.List;
import java.util.stream.IntStream;
import medsora.align.AlignmentConfig;
import medsora.align.Guidance;
import medsora.data.Sampling;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Schedule;
import medsora.vae.AutoencoderConfig;
import medsora.vae.ClipAutoencoder;
import nn.optim.LearningRate;

/**
 * The root of the tree that is read from YAML and written into run folders, checkpoints and exports
 * ({@link Config}): everything that decides what a training run computes. Two runs of equal
 * configuration, seed and data have equal weights after equal steps.
 */
public record TrainConfig(
    String name,
    long seed,
    Data data,
    AutoencoderConfig vae,
    VaeTraining vaeTraining,
    NetworkConfig denoiser,
    DenoiserTraining denoiserTraining,
    AlignmentConfig alignment,
    EarlyStopping stopping,
    Perceptual perceptual,
    Watching watching,
    Recipe recipe) {

  /**
   * @param size side of the square frames in pixels
   * @param sampling which frames make a clip: every third (paper) or the released code's spacing
   * @param flip whether clips are flipped left-right with probability 1/2
   * @param heldOut share of the clips that is kept for validation
   * @param imageWindows how many windows of images are drawn from the frames
   */
  public record Data(int size, Sampling sampling, boolean flip, double heldOut, int imageWindows) {}

  /**
   * @param scope what is trained: the compensation modules alone with the rest frozen, as the paper
   *     does, the decoder alone, so that latents stay as a denoiser knows them, or everything from
   *     scratch
   * @param frames frames of a step: some chunks of the video (8 or 16), or all of it and the images
   *     (24)
   * @param focal weight of the focal frequency loss
   * @param kl weight of the divergence of the latents from N(0, 1)
   * @param emaForm how the moving average is computed
   * @param recompute whether blocks are run again in backward to save memory
   */
  public record VaeTraining(
      Scope scope,
      int frames,
      int batch,
      LearningRate learningRate,
      double beta1,
      double beta2,
      double clipNorm,
      double focal,
      double kl,
      double emaDecay,
      EmaArgs.Form emaForm,
      boolean recompute,
      long steps) {
    /** Which parameters learn. */
    public enum Scope {
      COMPENSATION,
      DECODER,
      EVERYTHING
    }

    /** Freezes of an autoencoder what is not trained, and thaws the rest. */
    public void freeze(ClipAutoencoder vae) {
      switch (scope) {
        case COMPENSATION -> vae.setTrained(false);
        case DECODER -> vae.setDecoderTrained();
        case EVERYTHING -> vae.setTrained(true);
      }
    }
  }

  /**
   * The opening of a training with larger batches and its own learning rate (paper section 4.1: 2
   * epochs of batch 16 at 1e-3).
   *
   * @param epochs how long it lasts; 0 for no opening
   */
  public record Opening(int epochs, int batch, double learningRate) {
    public static final Opening NONE = new Opening(0, 1, 0);

    /** Steps of the opening for a number of clips. */
    public long steps(int clips) {
      return epochs == 0 ? 0 : (((long) epochs * clips) + batch - 1) / batch;
    }
  }

  /**
   * @param opening what comes before the settings below take effect
   * @param batch samples of a step; each is a micro-batch of its own
   * @param learningRate as a function of the steps after the opening
   * @param clipNorm gradients are clipped to this norm, 0 for never
   * @param clipFromEpoch first epoch (0-based) in which they are
   * @param emaForm how the moving average is computed
   * @param recompute whether blocks are run again in backward to save memory
   */
  public record DenoiserTraining(
      Opening opening,
      int batch,
      LearningRate learningRate,
      double clipNorm,
      int clipFromEpoch,
      double emaDecay,
      EmaArgs.Form emaForm,
      boolean recompute,
      long steps) {
    /** Where a step stands: its first sample, how many samples it has, its rate and its epoch. */
    public Position at(long step, int clips) {
      long opened = opening.steps(clips);
      if (step < opened) {
        long first = step * opening.batch();
        return new Position(first, opening.batch(), opening.learningRate(), first / clips);
      }
      long first = (opened * opening.batch()) + ((step - opened) * batch);
      return new Position(first, batch, learningRate.at(step - opened), first / clips);
    }

    /** One step of a run. */
    public record Position(long first, int batch, double learningRate, long epoch) {}
  }

  /**
   * When the denoiser's training ends by itself (paper section 4.1: "using early stopping strategy
   * to prevent overfitting"): the noise loss of the averaged weights on the held-out clips, at
   * draws of t and noise that stay the same, has not fallen below its best for a while.
   *
   * @param every steps between two looks, 0 for never
   * @param patience looks without a new best after which training ends, 0 for none: the best is
   *     marked and training goes on
   * @param draws of t and noise for each held-out clip
   */
  public record EarlyStopping(long every, int patience, int draws) {
    public static final EarlyStopping NEVER = new EarlyStopping(0, 0, 1);
  }

  /**
   * What the autoencoder's loss (Eq. 16) has beside L1 and frequencies: how alike the frames look,
   * and VQ-GAN's patch discriminator.
   *
   * @param weight of LPIPS between the frames, where its weights are at hand; VQ-GAN has 1
   * @param adversarial weight of what the discriminator thinks of the frames, 0 for none; VQ-GAN
   *     balances it by gradients, here it is fixed
   * @param adversarialFrom step from which the discriminator is heard; it learns from the first
   */
  public record Perceptual(double weight, double adversarial, long adversarialFrom) {
    public static final Perceptual NONE = new Perceptual(0, 0, 0);
  }

  public TrainConfig {
    int factor = vae.spaceFactor();
    NoisePredictor.Latents latents = denoiser.latents();
    require(
        data.size() == factor * latents.height() && data.size() == factor * latents.width(),
        "data.size be " + factor + " times denoiser.inputSize");
    require(vae.latentChannels() == latents.channels(), "vae and denoiser agree on channels");
    checkFrames(vae, latents, vaeTraining.frames());
    require(data.heldOut() >= 0 && data.heldOut() < 1, "data.heldOut be in [0, 1)");
    require(vaeTraining.batch() > 0 && denoiserTraining.batch() > 0, "batches be positive");
    require(data.imageWindows() > 0, "data.imageWindows be positive");
    checkVaeTraining(vaeTraining);
    boolean weights = perceptual.weight() >= 0 && perceptual.adversarial() >= 0;
    require(weights, "perceptual.weight and perceptual.adversarial be at least 0");
    require(perceptual.adversarialFrom() >= 0, "perceptual.adversarialFrom be at least 0");
    checkDenoiserTraining(denoiserTraining);
    require(
        recipe.latentNoise() == 0 || vaeTraining.scope() == VaeTraining.Scope.DECODER,
        "recipe.latentNoise go with vaeTraining.scope: decoder, which leaves the latents as they are");
    checkSkipped(denoiser, recipe);
    require(stopping.every() >= 0, "stopping.every be at least 0");
    require(stopping.patience() >= 0, "stopping.patience be at least 0");
    require(
        stopping.draws() > 0 && stopping.draws() <= Schedule.ORIGINAL_STEPS,
        "stopping.draws be 1 to " + Schedule.ORIGINAL_STEPS);
  }

  /** Video and images are each encoded in whole chunks, and so are the frames of a step. */
  private static void checkFrames(
      AutoencoderConfig vae, NoisePredictor.Latents sample, int ofStep) {
    int chunk = vae.framesPerChunk();
    int latents = chunk / vae.timeFactor();
    int video = sample.videoFrames();
    int images = sample.frames() - video;
    require(
        video % latents == 0 && images % latents == 0,
        "denoiser.videoFrames and the frames beyond it be multiples of " + latents);
    int frames = video * vae.timeFactor();
    List<Integer> allowed =
        IntStream.concat(
                IntStream.rangeClosed(1, frames / chunk).map(n -> n * chunk),
                IntStream.of(frames + (images * vae.timeFactor())))
            .distinct()
            .boxed()
            .toList();
    require(allowed.contains(ofStep), "vaeTraining.frames be one of " + allowed);
  }

  /** Frames of a training clip that are encoded (16). */
  public int clipFrames() {
    return denoiser.latents().videoFrames() * vae.timeFactor();
  }

  /**
   * Frames of a training clip that are read: one more for the optical flow, where that is asked.
   */
  public int readFrames() {
    return clipFrames() + (denoiser instanceof Guidance.Own ? 0 : 1);
  }

  /** Still images that join each clip (8); they are encoded as one clip. */
  public int clipImages() {
    NoisePredictor.Latents sample = denoiser.latents();
    return (sample.frames() - sample.videoFrames()) * vae.timeFactor();
  }

  private static void checkVaeTraining(VaeTraining t) {
    require(t.beta1() >= 0 && t.beta1() < 1, "vaeTraining.beta1 be in [0, 1)");
    require(t.beta2() >= 0 && t.beta2() < 1, "vaeTraining.beta2 be in [0, 1)");
    require(t.clipNorm() >= 0, "vaeTraining.clipNorm be at least 0");
    require(t.focal() >= 0 && t.kl() >= 0, "vaeTraining.focal and kl be at least 0");
    require(t.emaDecay() >= 0 && t.emaDecay() <= 1, "vaeTraining.emaDecay be in [0, 1]");
    require(t.steps() >= 0, "vaeTraining.steps be at least 0");
  }

  private static void checkDenoiserTraining(DenoiserTraining t) {
    require(t.opening().epochs() >= 0, "denoiserTraining.opening.epochs be at least 0");
    require(t.opening().batch() > 0, "denoiserTraining.opening.batch be positive");
    require(t.opening().learningRate() >= 0, "denoiserTraining.opening.learningRate be at least 0");
    require(t.clipNorm() >= 0, "denoiserTraining.clipNorm be at least 0");
    require(t.clipFromEpoch() >= 0, "denoiserTraining.clipFromEpoch be at least 0");
    require(t.emaDecay() >= 0 && t.emaDecay() <= 1, "denoiserTraining.emaDecay be in [0, 1]");
    require(t.steps() >= 0, "denoiserTraining.steps be at least 0");
  }

  private static void checkSkipped(NetworkConfig denoiser, Recipe recipe) {
    int blocks = denoiser.temporalBlocks();
    require(
        recipe.skipWeight() == 0 || blocks > 0,
        "recipe.skipWeight be 0: skip guidance is written for MedSora's denoiser alone");
    require(
        blocks == 0 || recipe.skipBlock() < blocks,
        "recipe.skipBlock be less than the denoiser's %d blocks, got %d"
            .formatted(blocks, recipe.skipBlock()));
  }

  private static void require(boolean condition, String wish) {
    if (!condition) {
      throw new IllegalArgumentException("[config] wants that " + wish);
    }
  }

  /** A new denoiser, its output read as the recipe has it. */
  public NoisePredictor newDenoiser() {
    return recipe.read(denoiser.network(recipe.labels().size()));
  }

  /** The same configuration with another recipe. */
  public TrainConfig with(Recipe other) {
    return new TrainConfig(
        name,
        seed,
        data,
        vae,
        vaeTraining,
        denoiser,
        denoiserTraining,
        alignment,
        stopping,
        perceptual,
        watching,
        other);
  }

  /** The same configuration with another seed. */
  public TrainConfig withSeed(long other) {
    return new TrainConfig(
        name,
        other,
        data,
        vae,
        vaeTraining,
        denoiser,
        denoiserTraining,
        alignment,
        stopping,
        perceptual,
        watching,
        recipe);
  }

  /** The same configuration with another alignment. */
  public TrainConfig with(AlignmentConfig other) {
    return new TrainConfig(
        name,
        seed,
        data,
        vae,
        vaeTraining,
        denoiser,
        denoiserTraining,
        other,
        stopping,
        perceptual,
        watching,
        recipe);
  }

  /** The same configuration with another rule for the end of training. */
  public TrainConfig with(EarlyStopping other) {
    return new TrainConfig(
        name,
        seed,
        data,
        vae,
        vaeTraining,
        denoiser,
        denoiserTraining,
        alignment,
        other,
        perceptual,
        watching,
        recipe);
  }

  /** The same configuration with other terms for how frames look. */
  public TrainConfig with(Perceptual other) {
    return new TrainConfig(
        name,
        seed,
        data,
        vae,
        vaeTraining,
        denoiser,
        denoiserTraining,
        alignment,
        stopping,
        other,
        watching,
        recipe);
  }
}
