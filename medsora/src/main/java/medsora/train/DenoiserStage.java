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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.align.AlignmentConfig;
import medsora.align.AlignmentLoss;
import medsora.align.AlignmentTargets;
import medsora.align.FrozenNetworks;
import medsora.config.TrainConfig;
import medsora.denoiser.Denoiser;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Schedule;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.Precomputed;
import medsora.train.store.StepReport;
import medsora.vae.LatentStatistics;
import medsora.vae.Vae;
import nn.Mode;
import nn.io.Weights;
import nn.optim.Adam;
import nn.optim.GradientTree;

/**
 * The second stage (paper section 3.4): the denoiser learns to predict the noise in latents of
 * clips joined by latents of images, on request aligned with the motion in the clips (Eq. 17). Each
 * sample is a micro-batch of its own; gradients are joined by a tree.
 */
public final class DenoiserStage implements Stage {
  public static final String NAME = "denoiser";

  private static final long STAGE_ID = 2;
  private static final long CACHE_BYTES = 512L << 20;

  private final TrainConfig config;
  private final Denoiser denoiser;
  private final Clips clips;
  private final FrozenOutputs frozen;
  private final LatentStatistics statistics;
  private final Draws draws;
  private final NoiseLoss loss = new NoiseLoss(Schedule.full());
  private final TrainState state;
  private String begunFrom;
  private final String vaeSha256;
  private final FrozenNetworks networks;

  /** Null without alignment. */
  private final AlignmentLoss alignment;

  private final Validation validation;

  /** Without alignment, and without a folder of precomputed results. */
  public DenoiserStage(
      TrainConfig config, Clips clips, Denoiser denoiser, Vae vae, LatentStatistics statistics) {
    this(config, clips, denoiser, vae, statistics, null, null);
  }

  /**
   * @param denoiser what is trained: {@link #fresh}, or with given weights for fine-tuning
   * @param vae the trained autoencoder, used as it is
   * @param networks wanted where the configuration has the alignment enabled, else null
   * @param precomputed where results of the frozen networks are kept, or null for memory alone
   */
  public DenoiserStage(
      TrainConfig config,
      Clips clips,
      Denoiser denoiser,
      Vae vae,
      LatentStatistics statistics,
      FrozenNetworks networks,
      Precomputed precomputed) {
    if (config.alignment().enabled() && networks == null) {
      throw new IllegalArgumentException(
          "[train] alignment.enabled wants an estimator of flow and an extractor of features");
    }
    this.config = config;
    this.clips = clips;
    this.statistics = statistics;
    this.denoiser = denoiser;
    denoiser.setRecompute(config.denoiserTraining().recompute());
    this.vaeSha256 = Weights.sha256(vae.stateDict());
    this.begunFrom = Weights.sha256(denoiser.stateDict());
    this.networks = config.alignment().enabled() ? networks : null;
    this.alignment = this.networks == null ? null : alignment(config, networks);
    this.frozen = frozen(vae, precomputed);
    this.draws = new Draws(config.seed(), STAGE_ID);
    this.validation =
        new Validation(
            clips.heldOutClips() > 0 ? config.stopping() : TrainConfig.EarlyStopping.NEVER);
    this.state =
        new TrainState(
            denoiser,
            alignment == null || alignment.sampling().parameters().isEmpty()
                ? null
                : new TrainState.Beside("alignment.", alignment.sampling()),
            Adam.Settings.DEFAULT,
            config.denoiserTraining().emaDecay());
  }

  private static AlignmentLoss alignment(TrainConfig config, FrozenNetworks networks) {
    return new AlignmentLoss(
        config.alignment(), config.denoiser(), TrainConfig.VIDEO_FRAMES, networks.layers());
  }

  private FrozenOutputs frozen(Vae vae, Precomputed folder) {
    if (folder != null) {
      try {
        String data = "data " + clips.sha256() + ", " + config.data();
        String latents = data + ", vae " + vaeSha256;
        folder.decide(Precomputed.Kind.LATENTS, latents);
        folder.decide(Precomputed.Kind.IMAGES, latents + ", seed " + config.seed());
        if (alignment != null) {
          folder.decide(Precomputed.Kind.TARGETS, data + ", " + targetSettings());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    AlignmentTargets targets =
        alignment == null ? null : new AlignmentTargets(config.alignment(), networks, alignment);
    return new FrozenOutputs(vae, clips, targets, folder, CACHE_BYTES);
  }

  /** What decides the alignment's targets, beside the data. */
  private String targetSettings() {
    AlignmentConfig a = config.alignment();
    return "networks %s, layers %s, colours %s, frames %s, pictures %s, norm %s, sampling %s, %dx%d"
        .formatted(
            networks.identity(),
            alignment.layers(),
            a.colours(),
            a.frames(),
            a.pictures(),
            a.layerNorm(),
            a.sampling(),
            config.denoiser().tokens(),
            config.denoiser().hidden());
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
  public Identity identity() {
    return identity(config, vaeSha256, networks).and(Identity.BEGUN_FROM, begunFrom);
  }

  /**
   * As much of the identity as is known before the first weights.
   *
   * @param networks of the alignment, or null without one
   */
  public static Identity identity(TrainConfig config, String vaeSha256, FrozenNetworks networks) {
    Identity plain = Identity.ofDenoiser(config).and(Identity.VAE_SHA256, vaeSha256);
    return networks == null ? plain : plain.and(Identity.NETWORKS, networks.identity());
  }

  @Override
  public void adopt(Checkpoint.Info checkpoint) {
    begunFrom = checkpoint.begunFrom();
  }

  @Override
  public TrainState state() {
    return state;
  }

  @Override
  public Map<String, String> extra() {
    Map<String, String> extra = new LinkedHashMap<>();
    validation.describe(extra);
    return extra;
  }

  @Override
  public void resumed(Checkpoint.Info checkpoint) throws IOException {
    validation.resume(checkpoint.extra());
  }

  @Override
  public boolean keepsBest() {
    return config.stopping().every() > 0 && clips.heldOutClips() > 0;
  }

  @Override
  public boolean isBest() {
    return validation.isBest();
  }

  @Override
  public boolean isDone() {
    return validation.isDone();
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
    if (validation.isDue(step + 1)) {
      double loss = heldOutLoss();
      validation.measured(step + 1, loss);
      losses.put("validation", loss);
    }
    return new StepReport(
        NAME,
        step + 1,
        t.steps(),
        losses,
        norm,
        position.learningRate(),
        (System.nanoTime() - started) * 1e-9);
  }

  /** Has the frozen networks' results for the n-th sample of training ready. */
  public void prepare(long n) {
    prepare(draws.pick(n, clips, config.data().flip(), Schedule.ORIGINAL_STEPS));
  }

  /** The same for all that validation looks at. */
  public void prepareHeldOut() {
    int looks = config.stopping().draws();
    for (int clip = 0; clip < clips.heldOutClips(); clip++) {
      for (int k = 0; k < looks; k++) {
        Draws.Pick pick = draws.validation(clip, k, looks, clips, Schedule.ORIGINAL_STEPS);
        frozen.video(pick.clip(), pick.begin(), pick.flip());
        frozen.images(pick.images());
      }
    }
  }

  private void prepare(Draws.Pick pick) {
    frozen.video(pick.clip(), pick.begin(), pick.flip());
    frozen.images(pick.images());
    if (alignment != null) {
      frozen.targets(pick.clip(), pick.begin(), pick.flip());
    }
  }

  private Gradients gradients(Sample sample, long step, Map<String, Double> losses) {
    try (Tape tape = Tape.open()) {
      Terms terms = terms(sample, Mode.training(config.seed() + STAGE_ID, sample.n()));
      Losses named = named(terms);
      requireFinite(named.addTo(losses).get("loss"), sample, step);
      return tape.backward(terms.total());
    }
  }

  private Losses named(Terms terms) {
    Losses named = new Losses();
    named.put("loss", terms.total());
    named.put("mse", mean(terms.noise().mse()));
    if (terms.noise().bound() != null) {
      named.put("bound", mean(terms.noise().bound()));
    }
    if (terms.aligned() != null) {
      named.put("noise", terms.noise().total());
      named.put("align", terms.aligned().loss());
      named.put("align_weighted", terms.aligned().weighted());
      for (int i = 0; i < alignment.pairs().size(); i++) {
        Tensor r = mean(terms.aligned().distances().get(i));
        named.put("correlation_" + alignment.pairs().get(i).block(), affine(r, -1f, 1f));
      }
    }
    return named;
  }

  /** The noise loss of the averaged weights on held-out clips, which must be there. */
  public double heldOutLoss() {
    double[] sum = new double[1];
    int draws = config.stopping().draws();
    int n = clips.heldOutClips();
    state
        .ema()
        .swapped(() -> {
          for (int clip = 0; clip < n; clip++) {
            for (int k = 0; k < draws; k++) {
              try (Tape scope = Tape.noGrad()) {
                sum[0] += prediction(heldOut(clip, k, draws), Mode.EVAL).noise().total().item();
              }
            }
          }
        });
    return sum[0] / ((long) n * draws);
  }

  private Sample heldOut(int n, int k, int draws) {
    Draws.Pick pick = this.draws.validation(n, k, draws, clips, Schedule.ORIGINAL_STEPS);
    RandomKey posterior = this.draws.validationPosterior(n, k, draws);
    return sample(n, pick, posterior, this.draws.validationNoise(n, k, draws));
  }

  /** One training sample: x_0, the noise, x_t and t. */
  private record Sample(long n, Draws.Pick pick, Tensor start, Tensor noise) {}

  private Sample sample(long n) {
    Draws.Pick pick = draws.pick(n, clips, config.data().flip(), Schedule.ORIGINAL_STEPS);
    return sample(n, pick, draws.posterior(n), draws.noise(n));
  }

  private Sample sample(long n, Draws.Pick pick, RandomKey posterior, RandomKey noiseKey) {
    FrozenOutputs.Latents video = frozen.video(pick.clip(), pick.begin(), pick.flip());
    FrozenOutputs.Latents images = frozen.images(pick.images());
    Tensor start = joined(video, images, posterior);
    float[] noise = new float[start.size()];
    noiseKey.random().normal(noise, 0, noise.length);
    return new Sample(n, pick, start, Tensor.of(start.shape(), noise));
  }

  /** Latents drawn from their posterior, brought to unit scale, video then images: [1,f,C,h,w]. */
  private Tensor joined(
      FrozenOutputs.Latents video, FrozenOutputs.Latents images, RandomKey posterior) {
    try (Tape scope = Tape.noGrad()) {
      Tensor mean = concat(1, video.mean(), images.mean());
      Tensor logVariance = concat(1, video.logVariance(), images.logVariance());
      float[] draw = new float[mean.size()];
      posterior.random().normal(draw, 0, draw.length);
      Tensor z = add(mean, mul(exp(scale(logVariance, 0.5f)), Tensor.of(mean.shape(), draw)));
      Tensor unit = normalise(z, statistics);
      Shape s = unit.shape();
      Tensor frames = permute(unit, 1, 0, 2, 3);
      return scope.keep(frames).view(Shape.of(1, s.dim(1), s.dim(0), s.dim(2), s.dim(3)));
    }
  }

  private static Tensor normalise(Tensor z, LatentStatistics s) {
    return affine(z, s.scale(), -s.shift() * s.scale());
  }

  /**
   * Eq. 17.
   *
   * @param aligned null without alignment
   */
  private record Terms(Tensor total, NoiseLoss.Terms noise, AlignmentLoss.Terms aligned) {}

  private Terms terms(Sample sample, Mode mode) {
    Prediction p = prediction(sample, mode);
    Tensor noise = p.noise().total();
    if (alignment == null) {
      return new Terms(noise, p.noise(), null);
    }
    Draws.Pick pick = sample.pick();
    AlignmentLoss.Terms aligned =
        alignment.of(
            p.output(),
            frozen.targets(pick.clip(), pick.begin(), pick.flip()),
            new int[] {pick.timestep()});
    Tensor charged = scale(aligned.loss(), (float) config.alignment().alpha());
    return new Terms(add(noise, charged), p.noise(), aligned);
  }

  private record Prediction(Denoiser.Output output, NoiseLoss.Terms noise) {}

  private Prediction prediction(Sample sample, Mode mode) {
    int[] t = {sample.pick().timestep()};
    Tensor noised = loss.noised(sample.start(), sample.noise(), t);
    Denoiser.Output output = denoiser.forward(noised, new float[] {t[0]}, mode);
    NoiseLoss.Terms terms = loss.terms(output.prediction(), sample.start(), sample.noise(), t);
    return new Prediction(output, terms);
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
