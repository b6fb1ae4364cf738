package medsora.train;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;
import static engine.op.reduce.Reduce.mean;

import engine.autodiff.FiniteCheck;
import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.denoiser.Denoiser;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Schedule;
import medsora.vae.LatentStatistics;
import medsora.vae.Vae;
import nn.Mode;
import nn.io.Weights;
import nn.optim.Adam;
import nn.optim.GradientTree;

/**
 * The second stage (paper section 3.4): the denoiser learns to predict the noise in latents of
 * clips joined by latents of images. Each sample is a micro-batch of its own; gradients are joined
 * by a tree.
 */
public final class DenoiserStage implements Stage {
  public static final String NAME = "denoiser";

  /** Under which a checkpoint says which autoencoder it was trained on. */
  public static final String VAE_SHA256 = "vae_sha256";

  private static final long STAGE_ID = 2;
  private static final long CACHE_BYTES = 512L << 20;

  private final TrainConfig config;
  private final Denoiser denoiser;
  private final Clips clips;
  private final LatentCache latents;
  private final LatentStatistics statistics;
  private final Draws draws;
  private final NoiseLoss loss = new NoiseLoss(Schedule.full());
  private final TrainState state;
  private String begunFrom;
  private final String vaeSha256;

  /**
   * @param denoiser what is trained: {@link #fresh}, or with given weights for fine-tuning
   * @param vae the trained autoencoder, used as it is
   */
  public DenoiserStage(
      TrainConfig config, Clips clips, Denoiser denoiser, Vae vae, LatentStatistics statistics) {
    this.config = config;
    this.clips = clips;
    this.statistics = statistics;
    this.denoiser = denoiser;
    denoiser.setRecompute(config.denoiserTraining().recompute());
    this.vaeSha256 = Weights.sha256(vae.stateDict());
    this.begunFrom = Weights.sha256(denoiser.stateDict());
    this.latents = new LatentCache(vae, clips, CACHE_BYTES);
    this.draws = new Draws(config.seed(), STAGE_ID);
    this.state =
        new TrainState(denoiser, Adam.Settings.DEFAULT, config.denoiserTraining().emaDecay());
  }

  /** A new denoiser with its first values. */
  public static Denoiser fresh(TrainConfig config) {
    Denoiser denoiser = new Denoiser(config.denoiser());
    denoiser.initialize(config.seed() + STAGE_ID);
    return denoiser;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String identity() {
    return identity(config, vaeSha256) + Checkpoint.BEGUN_FROM + begunFrom;
  }

  /** What the identity begins with: all that is known before the first weights. */
  public static String identity(TrainConfig config, String vaeSha256) {
    return config.denoiserIdentity() + ", vae " + vaeSha256;
  }

  @Override
  public void adopt(Checkpoint.Info checkpoint) {
    begunFrom = checkpoint.begunFrom();
  }

  @Override
  public TrainState state() {
    return state;
  }

  /** The hash of the autoencoder's weights, so that nobody joins the denoiser with another. */
  @Override
  public Map<String, String> extra() {
    return Map.of(VAE_SHA256, vaeSha256);
  }

  public Denoiser denoiser() {
    return denoiser;
  }

  /** One step over a batch; the clips of an epoch are met once each. */
  @Override
  public StepReport step() {
    long started = System.nanoTime();
    TrainConfig.DenoiserTraining t = config.denoiserTraining();
    long step = state.step();
    TrainConfig.DenoiserTraining.Position position = t.at(step, clips.trainingClips());
    int batch = position.batch();
    GradientTree tree = new GradientTree();
    Map<String, Double> losses = new LinkedHashMap<>();
    for (int m = 0; m < batch; m++) {
      tree.add(state.ordered(gradients(sample(position.first() + m), step, losses)));
    }
    losses.replaceAll((name, sum) -> sum / batch);
    double maxNorm = position.epoch() >= t.clipFromEpoch() ? t.clipNorm() : 0;
    double norm = state.apply(tree.sum(), 1.0 / batch, position.learningRate(), maxNorm);
    return new StepReport(
        NAME,
        step + 1,
        t.steps(),
        losses,
        norm,
        position.learningRate(),
        (System.nanoTime() - started) * 1e-9);
  }

  private Gradients gradients(Sample sample, long step, Map<String, Double> losses) {
    try (Tape tape = Tape.open()) {
      NoiseLoss.Terms terms = terms(sample, Mode.training(config.seed() + STAGE_ID, sample.n()));
      Tensor value = terms.total();
      requireFinite(value.item(), sample, step);
      losses.merge("loss", (double) value.item(), Double::sum);
      losses.merge("mse", (double) mean(terms.mse()).item(), Double::sum);
      if (terms.bound() != null) {
        losses.merge("bound", (double) mean(terms.bound()).item(), Double::sum);
      }
      return tape.backward(value);
    }
  }

  /** One training sample: x_0, the noise, x_t and t. */
  private record Sample(long n, Draws.Pick pick, Tensor start, Tensor noise) {}

  private Sample sample(long n) {
    Draws.Pick pick = draws.pick(n, clips, config.data().flip(), Schedule.ORIGINAL_STEPS);
    LatentCache.Latents video = latents.video(pick.clip(), pick.begin(), pick.flip());
    LatentCache.Latents images = latents.images(pick.images());
    RandomKey posterior = draws.posterior(n);
    Tensor start = joined(video, images, posterior);
    float[] noise = new float[start.size()];
    draws.noise(n).random().normal(noise, 0, noise.length);
    return new Sample(n, pick, start, Tensor.of(start.shape(), noise));
  }

  /** Latents drawn from their posterior, brought to unit scale, video then images: [1,f,C,h,w]. */
  private Tensor joined(
      LatentCache.Latents video, LatentCache.Latents images, RandomKey posterior) {
    try (Tape scope = Tape.noGrad()) {
      Tensor mean = concat(1, tensor(video, video.mean()), tensor(images, images.mean()));
      Tensor logVariance =
          concat(1, tensor(video, video.logVariance()), tensor(images, images.logVariance()));
      float[] draw = new float[mean.size()];
      posterior.random().normal(draw, 0, draw.length);
      Tensor z = add(mean, mul(exp(scale(logVariance, 0.5f)), Tensor.of(mean.shape(), draw)));
      Tensor unit = normalise(z, statistics);
      Shape s = unit.shape();
      Tensor frames = permute(unit, 1, 0, 2, 3);
      return Tensor.of(Shape.of(1, s.dim(1), s.dim(0), s.dim(2), s.dim(3)), frames.toArray());
    }
  }

  private static Tensor tensor(LatentCache.Latents latents, float[] values) {
    return Tensor.of(latents.shape(), values);
  }

  private static Tensor normalise(Tensor z, LatentStatistics s) {
    return affine(z, s.scale(), -s.shift() * s.scale());
  }

  private NoiseLoss.Terms terms(Sample sample, Mode mode) {
    int[] t = {sample.pick().timestep()};
    Tensor noised = loss.noised(sample.start(), sample.noise(), t);
    Tensor prediction = denoiser.forward(noised, new float[] {t[0]}, mode).prediction();
    return loss.terms(prediction, sample.start(), sample.noise(), t);
  }

  /** A loss that is not finite stops the run with the first op that made such a value. */
  private void requireFinite(float value, Sample sample, long step) {
    if (Float.isFinite(value)) {
      return;
    }
    String where =
        "step %d, sample %d (clip %d, begin %d, t %d)"
            .formatted(
                step,
                sample.n(),
                sample.pick().clip(),
                sample.pick().begin(),
                sample.pick().timestep());
    try {
      FiniteCheck.watch(() -> {
        try (Tape tape = Tape.noGrad()) {
          terms(sample, Mode.training(config.seed() + STAGE_ID, sample.n()));
        }
      });
    } catch (FiniteCheck.NotFiniteException e) {
      throw new TrainingException(
          "the loss is " + value + " at " + where + ": " + e.getMessage(), e);
    }
    throw new TrainingException("the loss is " + value + " at " + where, null);
  }
}
