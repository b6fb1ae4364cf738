package medsora.train;

import static engine.op.elementwise.Elementwise.abs;
import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;
import static engine.op.reduce.Reduce.sum;

import engine.autodiff.Tape;
import engine.random.CounterRandom;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import medsora.config.TrainConfig;
import medsora.perceptual.Lpips;
import medsora.perceptual.PatchDiscriminator;
import medsora.train.store.Identity;
import medsora.train.store.PlainWeights;
import medsora.train.store.StepReport;
import medsora.vae.ClipAutoencoder;
import medsora.vae.LatentStatistics;
import medsora.vae.Moments;
import nn.Mode;
import nn.loss.FocalFrequencyLoss;
import nn.optim.Adam;
import nn.optim.Ema;
import org.jspecify.annotations.Nullable;

/**
 * The first stage (paper section 3.3): the autoencoder learns to reproduce clips. Loss (Eq. 16): L1
 * + perceptual distance + focal frequency, and a small divergence of the latents from N(0, 1); on
 * request, what a patch discriminator thinks of the frames, as in VQ-GAN. The paper trains the
 * compensation modules of a pretrained autoencoder and freezes the rest; without pretrained weights
 * everything is trained.
 */
public final class VaeObjective implements Objective {
  public static final String NAME = PlainWeights.VAE;

  private static final long STAGE_ID = 1;
  private static final long DISCRIMINATOR_ID = 11;
  private static final int STATISTIC_CLIPS = 64;

  private final TrainConfig config;
  private final Clips clips;
  private final ClipAutoencoder vae;
  private final Draws draws;
  private final FocalFrequencyLoss focal = FocalFrequencyLoss.STANDARD;
  private @Nullable LatentStatistics statistics;

  /** Null without the perceptual term. */
  private final @Nullable Lpips lpips;

  /** Null without the adversarial term. */
  private final @Nullable PatchDiscriminator discriminator;

  /** Without perceptual term. */
  public VaeObjective(TrainConfig config, Clips clips, ClipAutoencoder vae) {
    this(config, clips, vae, null);
  }

  /**
   * @param lpips how alike frames look, or null where its weights are not at hand: the term is then
   *     off, whatever the configuration says
   */
  public VaeObjective(TrainConfig config, Clips clips, ClipAutoencoder vae, @Nullable Lpips lpips) {
    this.config = config;
    this.lpips = config.perceptual().weight() > 0 ? lpips : null;
    this.clips = clips;
    this.vae = vae;
    TrainConfig.VaeTraining t = config.vaeTraining();
    t.freeze(vae);
    vae.setRecompute(t.recompute());
    this.draws = new Draws(config.seed(), STAGE_ID);
    this.discriminator = discriminator(config);
  }

  private static @Nullable PatchDiscriminator discriminator(TrainConfig config) {
    if (config.perceptual().adversarial() == 0) {
      return null;
    }
    PatchDiscriminator d = new PatchDiscriminator();
    d.initialize(config.seed() + DISCRIMINATOR_ID);
    return d;
  }

  /** A new autoencoder with its first values. */
  public static ClipAutoencoder fresh(TrainConfig config) {
    ClipAutoencoder vae = config.vae().network();
    vae.module().initialize(config.seed() + STAGE_ID);
    return vae;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Identity identity() {
    Identity plain = Identity.ofVae(config);
    return lpips == null ? plain : plain.withLpips(lpips.sha256());
  }

  @Override
  public Trained trained() {
    TrainConfig.VaeTraining t = config.vaeTraining();
    return new Trained(
        vae.module(),
        discriminator == null ? null : new TrainState.Beside("discriminator.", discriminator),
        new Adam.Settings(t.beta1(), t.beta2(), 1e-8, 0),
        t.emaDecay(),
        t.emaForm());
  }

  @Override
  public Plan plan(long step) {
    TrainConfig.VaeTraining t = config.vaeTraining();
    return new Plan(step * t.batch(), t.batch(), t.learningRate().at(step), t.clipNorm());
  }

  /** Running statistics move between steps, and are not read in training. */
  @Override
  public boolean independentSamples() {
    return true;
  }

  @Override
  public Sample draw(long n, long step, Ema averages) {
    if (config.recipe().latentNoise() > 0 && statistics == null) {
      // The encoder is frozen: what is measured now is what stands in the checkpoint at the end.
      statistics = measure();
    }
    Draws.Pick pick = draws.pick(n, clips, config.data().flip(), 1);
    Tensor x = frames(pick);
    String where = "clip %d, begin %d".formatted(pick.clip(), pick.begin());
    PatchDiscriminator judge = discriminator;
    if (judge == null) {
      return new Sample(where, new Loss(() -> terms(x, n, step).losses()));
    }
    // What the discriminator judges: the frames as values, which its own loss cannot change.
    Tensor[] made = new Tensor[1];
    Loss reproduction =
        new Loss(
            () -> {
              Terms terms = terms(x, n, step);
              made[0] = Tensor.of(x.shape(), terms.frames().toArray());
              return terms.losses();
            },
            List.of(vae.module()));
    Loss judgement =
        new Loss(
            () -> new Losses("discriminator", judge.loss(pictures(x), pictures(made[0]))),
            List.of(judge));
    return new Sample(where, reproduction, judgement);
  }

  /** The frames of a step: the first of a clip, or the whole clip and its images as one clip. */
  private Tensor frames(Draws.Pick pick) {
    int s = clips.size();
    int wanted = config.vaeTraining().frames();
    int ofWindow = clips.imagesOfWindow();
    int fromVideo = Math.min(wanted, clips.frames());
    float[] video = clips.video(pick.clip(), pick.begin(), pick.flip(), fromVideo).values();
    int plane = s * s;
    float[] out = new float[3 * wanted * plane];
    float[] images = wanted > fromVideo ? clips.images(pick.images()).values() : new float[0];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(video, c * fromVideo * plane, out, c * wanted * plane, fromVideo * plane);
      if (wanted > fromVideo) {
        System.arraycopy(
            images,
            c * ofWindow * plane,
            out,
            ((c * wanted) + fromVideo) * plane,
            ofWindow * plane);
      }
    }
    return Tensor.of(Shape.of(1, 3, wanted, s, s), out);
  }

  /**
   * Eq. 16.
   *
   * @param frames what the autoencoder made of the clip
   */
  private record Terms(Losses losses, Tensor frames) {}

  private Terms terms(Tensor x, long n, long step) {
    Mode mode = Mode.training(config.seed() + STAGE_ID, n);
    Moments moments = vae.encode(x, mode);
    Tensor z = disturbed(moments.sample(draws.posterior(n)), n);
    Tensor y = vae.decode(z, mode);
    Tensor l1 = mean(abs(sub(y, x)));
    Tensor frequency = focal.of(planes(y), planes(x));
    Tensor kl = divergence(moments);
    TrainConfig.VaeTraining t = config.vaeTraining();
    Tensor total = add(add(l1, scale(frequency, (float) t.focal())), scale(kl, (float) t.kl()));
    TrainConfig.Perceptual p = config.perceptual();
    Tensor looks = lpips == null ? null : mean(lpips.distances(pictures(y), pictures(x)));
    if (looks != null) {
      total = add(total, scale(looks, (float) p.weight()));
    }
    Tensor fooled =
        discriminator != null && step >= p.adversarialFrom()
            ? discriminator.fooled(pictures(y))
            : null;
    if (fooled != null) {
      total = add(total, scale(fooled, (float) p.adversarial()));
    }
    Losses losses = new Losses(StepReport.TOTAL, total);
    losses.with("l1", l1).with("focal", frequency).with("kl", kl);
    if (looks != null) {
      losses.with("lpips", looks);
    }
    if (fooled != null) {
      losses.with("adversarial", fooled);
    }
    return new Terms(losses, y);
  }

  /** Latents a little off, as those that a denoiser draws. */
  private Tensor disturbed(Tensor z, long n) {
    double most = config.recipe().latentNoise();
    if (most == 0) {
      return z;
    }
    LatentStatistics s = Objects.requireNonNull(statistics);
    CounterRandom random = draws.latentNoise(n).random();
    double deviation = random.uniform(0) * most;
    float[] noise = new float[z.size()];
    random.normal(noise, 0, noise.length);
    return s.latents(add(s.unit(z), scale(Tensor.of(z.shape(), noise), (float) deviation)));
  }

  /** [b, c, f, h, w] -> [b*f, c, h, w]. */
  private static Tensor pictures(Tensor x) {
    Shape s = x.shape();
    return reshape(permute(x, 0, 2, 1, 3, 4), s.dim(0) * s.dim(2), s.dim(1), s.dim(3), s.dim(4));
  }

  /** [b, c, f, h, w] -> [b, f*c, h, w]. */
  private static Tensor planes(Tensor x) {
    Shape s = x.shape();
    return reshape(permute(x, 0, 2, 1, 3, 4), s.dim(0), s.dim(2) * s.dim(1), s.dim(3), s.dim(4));
  }

  /** KL(N(mean, exp(logvar)) || N(0, 1)), summed over a sample's latents, averaged over samples. */
  private static Tensor divergence(Moments m) {
    Tensor each = sub(add(square(m.mean()), exp(m.logVariance())), affine(m.logVariance(), 1f, 1f));
    return scale(sum(each), 0.5f / m.mean().dim(0));
  }

  /** Measures the latents of training clips with the averaged weights. */
  @Override
  public void finish(Ema averages) {
    averages.swapped(() -> statistics = measure());
  }

  private LatentStatistics measure() {
    int groups = config.recipe().evenness() > 0 ? config.vae().latentChannels() : 1;
    double[] sums = new double[groups];
    double[] squares = new double[groups];
    long count = 0;
    for (int clip = 0; clip < Math.min(STATISTIC_CLIPS, clips.trainingClips()); clip++) {
      float[] latents = latents(clip);
      int each = latents.length / groups;
      for (int i = 0; i < latents.length; i++) {
        sums[i / each] += latents[i];
        squares[i / each] += (double) latents[i] * latents[i];
      }
      count += each;
    }
    double[] deviations = new double[groups];
    for (int i = 0; i < groups; i++) {
      sums[i] /= count;
      deviations[i] = Math.sqrt((squares[i] / count) - (sums[i] * sums[i]));
    }
    return LatentStatistics.of(sums, deviations, config.recipe().evenness());
  }

  private float[] latents(int clip) {
    try (Tape scope = Tape.noGrad()) {
      Tensor x = clips.video(clip, 0, false).tensor();
      return vae.encode(x, Mode.EVAL).mean().toArray();
    }
  }

  @Override
  public Map<String, String> extra() {
    return statistics == null
        ? Map.of()
        : Map.of(
            PlainWeights.SHIFT, statistics.shiftText(),
            PlainWeights.SCALE, statistics.scaleText());
  }
}
