package medsora.train;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.reduce.Reduce.mean;

import engine.io.Printable;
import engine.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import medsora.align.FlowGuidance;
import medsora.align.FrozenNetworks;
import medsora.align.Guidance;
import medsora.config.TrainConfig;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Practice;
import medsora.train.store.Identity;
import medsora.train.store.PlainWeights;
import medsora.train.store.Precomputed;
import medsora.train.store.StepReport;
import medsora.vae.ClipAutoencoder;
import medsora.vae.LatentStatistics;
import nn.Mode;
import nn.Module;
import nn.io.Weights;
import nn.optim.Adam;
import nn.optim.Ema;
import org.jspecify.annotations.Nullable;

/**
 * The second stage (paper section 3.4): the denoiser learns to predict the noise in latents of
 * clips joined by latents of images, on request aligned with the motion in the clips (Eq. 17).
 */
public final class DenoiserObjective implements Objective {
  public static final String NAME = PlainWeights.DENOISER;

  private static final long STAGE_ID = 2;
  private static final long CACHE_BYTES = 512L << 20;
  private static final int LABELS_LOOKED_FOR = 10_000;
  private static final int LABELS_NAMED = 20;

  private final TrainConfig config;
  private final Clips clips;
  private final NoisePredictor network;
  private final LatentSamples samples;
  private final Practice practice;
  private final NoiseLoss loss;
  private final String vaeSha256;

  /** Null without alignment. */
  private final @Nullable Alignment alignment;

  private record Alignment(FrozenNetworks networks, Guidance guidance) {}

  /** Without alignment, and without a folder of precomputed results. */
  public DenoiserObjective(
      TrainConfig config,
      Clips clips,
      NoisePredictor network,
      ClipAutoencoder vae,
      LatentStatistics statistics) {
    this(config, clips, network, vae, statistics, null, null);
  }

  /**
   * @param network what is trained: {@link #fresh}, or with given weights for fine-tuning
   * @param vae the trained autoencoder, used as it is
   * @param networks wanted where the configuration has the alignment enabled, else null
   * @param precomputed where results of the frozen networks are kept, or null for memory alone
   */
  public DenoiserObjective(
      TrainConfig config,
      Clips clips,
      NoisePredictor network,
      ClipAutoencoder vae,
      LatentStatistics statistics,
      @Nullable FrozenNetworks networks,
      @Nullable Precomputed precomputed) {
    this.config = config;
    Clips used = FirstClips.of(clips, config.recipe().denoiserClips());
    this.clips = used;
    this.network = network;
    this.practice = network.practice();
    this.loss = new NoiseLoss(practice.schedule(), practice.error());
    network.setRecompute(config.denoiserTraining().recompute());
    requireLabels(config, used);
    this.vaeSha256 = Weights.sha256(vae.module().stateDict());
    this.alignment = config.alignment().enabled() ? alignment(networks) : null;
    this.samples =
        new LatentSamples(
            used,
            frozen(vae, precomputed),
            draws(config),
            config.data().flip(),
            config.stopping().draws(),
            statistics,
            config.recipe());
  }

  /**
   * Data with labels of which none is wanted would teach a model none of them, and not say so; data
   * without any go on teaching it what it shows.
   */
  private static void requireLabels(TrainConfig config, Clips clips) {
    List<String> wanted = config.recipe().labels();
    if (wanted.isEmpty()) {
      return;
    }
    List<String> found =
        IntStream.range(0, Math.min(LABELS_LOOKED_FOR, clips.trainingClips()))
            .mapToObj(clips::label)
            .filter(Objects::nonNull)
            .distinct()
            .limit(LABELS_NAMED)
            .toList();
    boolean any = found.stream().anyMatch(l -> config.recipe().label(l) != NoisePredictor.NO_LABEL);
    if (!any && !found.isEmpty()) {
      throw new IllegalArgumentException(
          "[train] no clip has one of recipe.labels, %s; there are: %s"
              .formatted(
                  wanted, found.stream().map(Printable::brief).collect(Collectors.joining(", "))));
    }
  }

  private Alignment alignment(@Nullable FrozenNetworks networks) {
    if (networks == null) {
      throw new IllegalArgumentException(
          "[train] alignment.enabled wants an estimator of flow and an extractor of features");
    }
    int frames = clips.frames();
    Guidance guidance =
        config.denoiser() instanceof Guidance.Own own
            ? own.guidance(network, networks, frames)
            : new FlowGuidance(config.alignment(), networks, network.hidden(), frames);
    return new Alignment(networks, guidance);
  }

  private FrozenOutputs frozen(ClipAutoencoder vae, @Nullable Precomputed folder) {
    if (folder != null) {
      try {
        // Held-out clips are numbered behind those that are used.
        String used = clips.trainingClips() + " clips, ";
        String data = "data " + clips.sha256() + ", " + used + config.data();
        // Latents are the encoder's alone: they outlast a decoder that is trained further.
        String latents = data + ", encoder " + Weights.sha256(vae.encoderState());
        folder.decide(Precomputed.Kind.LATENTS, latents);
        folder.decide(Precomputed.Kind.IMAGES, latents + ", seed " + config.seed());
        if (alignment != null) {
          String targets = data + ", " + alignment.guidance().identity();
          folder.decide(Precomputed.Kind.TARGETS, targets);
          folder.decide(Precomputed.Kind.IMAGE_TARGETS, targets + ", seed " + config.seed());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    Guidance guidance = alignment == null ? null : alignment.guidance();
    return new FrozenOutputs(vae, clips, guidance, folder, CACHE_BYTES);
  }

  /** What the samples of a run are. */
  static Draws draws(TrainConfig config) {
    return new Draws(config.seed(), STAGE_ID);
  }

  /** A new denoiser of a configuration with its first values. */
  public static NoisePredictor fresh(TrainConfig config) {
    NoisePredictor network = config.newDenoiser();
    network.module().initialize(config.seed() + STAGE_ID);
    return network;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Identity identity() {
    return identity(config, vaeSha256, alignment == null ? null : alignment.networks());
  }

  /**
   * The identity, which is known before the first weights.
   *
   * @param networks of the alignment, or null without one
   */
  public static Identity identity(
      TrainConfig config, String vaeSha256, @Nullable FrozenNetworks networks) {
    Identity plain = Identity.ofDenoiser(config).and(Identity.VAE_SHA256, vaeSha256);
    return networks == null ? plain : plain.and(Identity.NETWORKS, networks.identity());
  }

  @Override
  public Trained trained() {
    Module beside = alignment == null ? null : alignment.guidance().learned();
    return new Trained(
        network.module(),
        beside == null ? null : new TrainState.Beside("alignment.", beside),
        Adam.Settings.DEFAULT.decaying(practice.weightDecay()),
        new Ema.Settings(
            config.denoiserTraining().emaForm(),
            config.denoiserTraining().emaDecay(),
            practice.warmUp()));
  }

  /** The clips of an epoch are met once each. */
  @Override
  public Plan plan(long step) {
    TrainConfig.DenoiserTraining t = config.denoiserTraining();
    TrainConfig.DenoiserTraining.Position at = t.at(step, clips.trainingClips());
    double maxNorm = at.epoch() >= t.clipFromEpoch() ? t.clipNorm() : 0;
    return new Plan(at.first(), at.batch(), at.learningRate(), maxNorm);
  }

  @Override
  public boolean independentSamples() {
    return true;
  }

  /** What the frozen networks give is taken here, by one thread. */
  @Override
  public Sample draw(long n, long step, Ema averages) {
    LatentSamples.Sample drawn = samples.training(n);
    Draws.Pick pick = drawn.pick();
    List<Tensor> targets = alignment == null ? List.of() : samples.targets(pick);
    return new Sample(
        "clip %d, begin %d, t %d".formatted(pick.clip(), pick.begin(), pick.timestep()),
        new Loss(() -> losses(drawn, targets, Mode.training(config.seed() + STAGE_ID, n))));
  }

  @Override
  public TrainConfig.EarlyStopping stopping() {
    return clips.heldOutClips() > 0 ? config.stopping() : TrainConfig.EarlyStopping.NEVER;
  }

  @Override
  public long looks() {
    return samples.heldOutLooks();
  }

  /** The noise loss of a look at a held-out clip. */
  @Override
  public double look(long number) {
    return prediction(samples.heldOut(number), Mode.EVAL).noise().total().item();
  }

  /**
   * Has the frozen networks' results for the n-th sample of training ready.
   *
   * @param own the numbers of the clips and of the windows of images whose results are wanted; of
   *     others nothing is computed
   */
  public void prepare(long n, IntPredicate own) {
    samples.prepare(n, alignment != null, own);
  }

  /** The same for all that validation looks at. */
  public void prepareHeldOut(IntPredicate own) {
    for (long look = 0; look < looks(); look++) {
      samples.prepareHeldOut(look, own);
    }
  }

  /** Eq. 17, its noise loss alone without alignment. */
  private Losses losses(LatentSamples.Sample sample, List<Tensor> targets, Mode mode) {
    Prediction p = prediction(sample, mode);
    Tensor noise = weighted(p.noise().total(), sample.pick().timestep());
    if (alignment == null) {
      return noiseLosses(noise, p.noise());
    }
    int[] t = {sample.pick().timestep()};
    Guidance.Terms term = alignment.guidance().of(p.output(), targets, t);
    Tensor charged = scale(term.loss(), (float) alignment.guidance().weight());
    Losses losses = noiseLosses(add(noise, charged), p.noise());
    losses.with("noise", noise);
    term.parts().forEach(losses::with);
    return losses;
  }

  /** The loss of a diffusion step as much as the recipe has it count. */
  private Tensor weighted(Tensor loss, int t) {
    double weight = config.recipe().weight(practice.schedule(), t);
    return weight == 1 ? loss : scale(loss, (float) weight);
  }

  private Losses noiseLosses(Tensor total, NoiseLoss.Terms noise) {
    Losses losses =
        new Losses(StepReport.TOTAL, total).with(practice.error().report(), mean(noise.mse()));
    return noise.bound() == null ? losses : losses.with("bound", mean(noise.bound()));
  }

  private record Prediction(NoisePredictor.Output output, NoiseLoss.Terms noise) {}

  private Prediction prediction(LatentSamples.Sample sample, Mode mode) {
    int[] t = {sample.pick().timestep()};
    Tensor noised = loss.noised(sample.start(), sample.noise(), t);
    NoisePredictor labelled = network.under(sample.label());
    NoisePredictor.Output output = labelled.forward(noised, new float[] {t[0]}, mode);
    NoiseLoss.Terms terms = loss.terms(output.prediction(), sample.start(), sample.noise(), t);
    return new Prediction(output, terms);
  }
}
