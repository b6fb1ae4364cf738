package medsora.train;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;

import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import medsora.config.Recipe;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Schedule;
import medsora.vae.LatentStatistics;

/**
 * The samples that a denoiser meets: latents of clips joined by latents of images, with the noise
 * and the diffusion step that each is drawn with.
 *
 * @param flips whether clips of the training are flipped left-right with probability 1/2
 * @param looks at each held-out clip
 * @param statistics by which latents are brought to unit scale
 * @param recipe its labels, and how often they are kept from the network
 */
record LatentSamples(
    Clips clips,
    FrozenOutputs frozen,
    Draws draws,
    boolean flips,
    int looks,
    LatentStatistics statistics,
    Recipe recipe) {

  /**
   * One sample.
   *
   * @param n by which dropout is drawn
   * @param label of the clip, or {@link NoisePredictor#NO_LABEL}
   * @param start x_0 [1, F, C, h, w]
   * @param noise of the same shape
   */
  record Sample(long n, Draws.Pick pick, int label, Tensor start, Tensor noise) {}

  /** The n-th sample of training. */
  Sample training(long n) {
    Draws.Pick pick = picked(n);
    boolean unlabelled = draws.unlabelled(n, recipe.labelDropout());
    int label = unlabelled ? NoisePredictor.NO_LABEL : label(pick);
    return sample(n, pick, label, draws.posterior(n), draws.noise(n));
  }

  private int label(Draws.Pick pick) {
    // A data set is not asked in vain: a phantom has to be set up to say it.
    return recipe.labels().isEmpty()
        ? NoisePredictor.NO_LABEL
        : recipe.label(clips.label(pick.clip()));
  }

  private Draws.Pick picked(long n) {
    return draws.pick(n, clips, flips, Schedule.ORIGINAL_STEPS);
  }

  /** How many looks at held-out clips there are. */
  long heldOutLooks() {
    return (long) clips.heldOutClips() * looks;
  }

  /** A look at a held-out clip, clip by clip. */
  Sample heldOut(long number) {
    int clip = (int) (number / looks);
    int k = (int) (number % looks);
    Draws.Pick pick = heldOutPick(number);
    return sample(
        clip,
        pick,
        label(pick),
        draws.validationPosterior(clip, k, looks),
        draws.validationNoise(clip, k, looks));
  }

  private Draws.Pick heldOutPick(long number) {
    int clip = (int) (number / looks);
    return draws.validation(clip, (int) (number % looks), looks, clips, Schedule.ORIGINAL_STEPS);
  }

  /** The guidance's targets for the clip of a sample, then those for its images. */
  List<Tensor> targets(Draws.Pick pick) {
    List<Tensor> all = new ArrayList<>(frozen.targets(pick.clip(), pick.begin(), pick.flip()));
    all.addAll(frozen.imageTargets(pick.images()));
    return all;
  }

  /**
   * Has the frozen networks' results for a sample of training ready.
   *
   * @param aligned whether targets are wanted, too
   * @param own the numbers of the clips and of the windows that are to be prepared
   */
  void prepare(long n, boolean aligned, IntPredicate own) {
    Draws.Pick pick = picked(n);
    prepare(pick, own);
    if (aligned && own.test(pick.clip())) {
      targets(pick);
    }
  }

  /** The same for a look at a held-out clip. */
  void prepareHeldOut(long number, IntPredicate own) {
    prepare(heldOutPick(number), own);
  }

  private void prepare(Draws.Pick pick, IntPredicate own) {
    if (own.test(pick.clip())) {
      frozen.video(pick.clip(), pick.begin(), pick.flip());
    }
    if (hasImages() && own.test(pick.images())) {
      frozen.images(pick.images());
    }
  }

  private boolean hasImages() {
    return clips.imagesOfWindow() > 0;
  }

  private Sample sample(
      long n, Draws.Pick pick, int label, RandomKey posterior, RandomKey noiseKey) {
    FrozenOutputs.Latents video = frozen.video(pick.clip(), pick.begin(), pick.flip());
    FrozenOutputs.Latents all = hasImages() ? joined(video, frozen.images(pick.images())) : video;
    Tensor start = drawn(all, posterior);
    float[] noise = new float[start.size()];
    noiseKey.random().normal(noise, 0, noise.length);
    return new Sample(n, pick, label, start, Tensor.of(start.shape(), noise));
  }

  /** Video, then images, along the frames. */
  private static FrozenOutputs.Latents joined(
      FrozenOutputs.Latents video, FrozenOutputs.Latents images) {
    try (Tape scope = Tape.noGrad()) {
      return new FrozenOutputs.Latents(
          scope.keep(concat(1, video.mean(), images.mean())),
          scope.keep(concat(1, video.logVariance(), images.logVariance())));
    }
  }

  /** Latents [C,F,h,w] drawn from their posterior, brought to unit scale: [1,F,C,h,w]. */
  private Tensor drawn(FrozenOutputs.Latents latents, RandomKey posterior) {
    try (Tape scope = Tape.noGrad()) {
      Tensor mean = latents.mean();
      Tensor logVariance = latents.logVariance();
      float[] draw = new float[mean.size()];
      posterior.random().normal(draw, 0, draw.length);
      Tensor z = add(mean, mul(exp(scale(logVariance, 0.5f)), Tensor.of(mean.shape(), draw)));
      Tensor unit = statistics.unit(z);
      Shape s = unit.shape();
      Tensor frames = permute(unit, 1, 0, 2, 3);
      return scope.keep(frames).view(Shape.of(1, s.dim(1), s.dim(0), s.dim(2), s.dim(3)));
    }
  }
}
