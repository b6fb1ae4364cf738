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

import engine.autodiff.FiniteCheck;
import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.config.TrainConfig;
import medsora.perceptual.Lpips;
import medsora.perceptual.PatchDiscriminator;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.StepReport;
import medsora.vae.LatentStatistics;
import medsora.vae.Moments;
import medsora.vae.Vae;
import nn.Mode;
import nn.io.Weights;
import nn.loss.FocalFrequencyLoss;
import nn.optim.Adam;
import nn.optim.GradientTree;

/**
 * The first stage (paper section 3.3): the autoencoder learns to reproduce clips. Loss (Eq. 16): L1
 * + perceptual distance + focal frequency, and a small divergence of the latents from N(0, 1); on
 * request, what a patch discriminator thinks of the frames, as in VQ-GAN. The paper trains the
 * compensation modules of a pretrained autoencoder and freezes the rest; without pretrained weights
 * everything is trained.
 */
public final class VaeStage implements Stage {
  public static final String NAME = "vae";

  private static final long STAGE_ID = 1;
  private static final long DISCRIMINATOR_ID = 11;
  private static final int STATISTIC_CLIPS = 64;

  private final TrainConfig config;
  private final Clips clips;
  private final Vae vae;
  private final Draws draws;
  private final TrainState state;
  private String begunFrom;
  private final FocalFrequencyLoss focal = FocalFrequencyLoss.STANDARD;
  private LatentStatistics statistics;

  /** Null without the perceptual term. */
  private final Lpips lpips;

  /** Null without the adversarial term. */
  private final PatchDiscriminator discriminator;

  /** Without perceptual term. */
  public VaeStage(TrainConfig config, Clips clips, Vae vae) {
    this(config, clips, vae, null);
  }

  /**
   * @param lpips how alike frames look, or null where its weights are not at hand: the term is then
   *     off, whatever the configuration says
   */
  public VaeStage(TrainConfig config, Clips clips, Vae vae, Lpips lpips) {
    this.config = config;
    this.lpips = config.perceptual().weight() > 0 ? lpips : null;
    this.clips = clips;
    this.vae = vae;
    TrainConfig.VaeTraining t = config.vaeTraining();
    boolean everything = t.scope() == TrainConfig.VaeTraining.Scope.EVERYTHING;
    vae.setTrainable(everything);
    vae.setCompensationTrainable(true);
    vae.setRecompute(t.recompute());
    this.begunFrom = Weights.sha256(vae.stateDict());
    this.draws = new Draws(config.seed(), STAGE_ID);
    this.discriminator = discriminator(config);
    this.state =
        new TrainState(
            vae,
            discriminator == null ? null : new TrainState.Beside("discriminator.", discriminator),
            new Adam.Settings(t.beta1(), t.beta2(), 1e-8, 0),
            t.emaDecay());
  }

  private static PatchDiscriminator discriminator(TrainConfig config) {
    if (config.perceptual().adversarial() == 0) {
      return null;
    }
    PatchDiscriminator d = new PatchDiscriminator();
    d.initialize(config.seed() + DISCRIMINATOR_ID);
    return d;
  }

  /** A new autoencoder with its first values. */
  public static Vae fresh(TrainConfig config) {
    Vae vae = new Vae(config.vae());
    vae.initialize(config.seed() + STAGE_ID);
    return vae;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Identity identity() {
    Identity plain = Identity.ofVae(config).and(Identity.BEGUN_FROM, begunFrom);
    return lpips == null ? plain : plain.withLpips(lpips.sha256());
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
  public StepReport step() {
    long started = System.nanoTime();
    TrainConfig.VaeTraining t = config.vaeTraining();
    long step = state.step();
    GradientTree tree = new GradientTree();
    Map<String, Double> losses = new LinkedHashMap<>();
    for (int m = 0; m < t.batch(); m++) {
      tree.add(state.ordered(sample((step * t.batch()) + m, step, losses)));
    }
    losses.replaceAll((name, value) -> value / t.batch());
    double rate = t.learningRate().at(step);
    double norm = state.apply(tree.sum(), 1.0 / t.batch(), rate, t.clipNorm());
    return new StepReport(
        NAME, step + 1, t.steps(), losses, norm, rate, (System.nanoTime() - started) * 1e-9);
  }

  private Gradients sample(long n, long step, Map<String, Double> losses) {
    Draws.Pick pick = draws.pick(n, clips, config.data().flip(), 1);
    Tensor x = frames(pick);
    Tensor made;
    Gradients gradients;
    try (Tape tape = Tape.open()) {
      Terms terms = terms(x, n, step);
      Losses named = new Losses();
      named.put("loss", terms.total());
      named.put("l1", terms.l1());
      named.put("focal", terms.focal());
      named.put("kl", terms.kl());
      terms.others().forEach(named::put);
      float value = named.addTo(losses).get("loss");
      if (!Float.isFinite(value)) {
        throw notFinite(value, x, n, step, pick);
      }
      made = discriminator == null ? null : Tensor.of(x.shape(), terms.frames().toArray());
      gradients = tape.backward(terms.total());
    }
    if (discriminator != null) {
      // What the autoencoder's loss would have of the discriminator is replaced by its own.
      judged(x, made, losses, gradients);
    }
    return gradients;
  }

  private void judged(Tensor x, Tensor made, Map<String, Double> losses, Gradients into) {
    try (Tape tape = Tape.open()) {
      Tensor loss = discriminator.loss(pictures(x), pictures(made));
      losses.merge("discriminator", (double) loss.item(), Double::sum);
      Gradients own = tape.backward(loss);
      own.leaves().forEach(leaf -> into.put(leaf, own.of(leaf)));
    }
  }

  /** The frames of a step: the first of a clip, or the whole clip and its images as one clip. */
  private Tensor frames(Draws.Pick pick) {
    int s = config.data().size();
    int wanted = config.vaeTraining().frames();
    float[] video = clips.video(pick.clip(), pick.begin(), pick.flip());
    int plane = s * s;
    float[] out = new float[3 * wanted * plane];
    int fromVideo = Math.min(wanted, TrainConfig.VIDEO_FRAMES);
    float[] images = wanted > fromVideo ? clips.images(pick.images()) : new float[0];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(
          video, c * TrainConfig.VIDEO_FRAMES * plane, out, c * wanted * plane, fromVideo * plane);
      if (wanted > fromVideo) {
        System.arraycopy(
            images,
            c * TrainConfig.IMAGES * plane,
            out,
            ((c * wanted) + fromVideo) * plane,
            TrainConfig.IMAGES * plane);
      }
    }
    return Tensor.of(Shape.of(1, 3, wanted, s, s), out);
  }

  /**
   * Eq. 16.
   *
   * @param frames what the autoencoder made of the clip
   * @param others further terms by their names in the log, unweighted
   */
  private record Terms(
      Tensor total,
      Tensor l1,
      Tensor focal,
      Tensor kl,
      Tensor frames,
      Map<String, Tensor> others) {}

  private Terms terms(Tensor x, long n, long step) {
    Mode mode = Mode.training(config.seed() + STAGE_ID, n);
    Moments moments = vae.encode(x, mode);
    Tensor z = moments.sample(draws.posterior(n));
    Tensor y = vae.decode(z, mode);
    Tensor l1 = mean(abs(sub(y, x)));
    Tensor frequency = focal.of(planes(y), planes(x));
    Tensor kl = divergence(moments);
    TrainConfig.VaeTraining t = config.vaeTraining();
    Tensor total = add(add(l1, scale(frequency, (float) t.focal())), scale(kl, (float) t.kl()));
    Map<String, Tensor> others = new LinkedHashMap<>();
    TrainConfig.Perceptual p = config.perceptual();
    if (lpips != null) {
      Tensor looks = mean(lpips.distances(pictures(y), pictures(x)));
      others.put("lpips", looks);
      total = add(total, scale(looks, (float) p.weight()));
    }
    if (discriminator != null && step >= p.adversarialFrom()) {
      Tensor fooled = discriminator.fooled(pictures(y));
      others.put("adversarial", fooled);
      total = add(total, scale(fooled, (float) p.adversarial()));
    }
    return new Terms(total, l1, frequency, kl, y, others);
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

  private TrainingException notFinite(float value, Tensor x, long n, long step, Draws.Pick pick) {
    String where =
        "the loss is %s at step %d (clip %d, begin %d)"
            .formatted(value, step, pick.clip(), pick.begin());
    try {
      FiniteCheck.watch(() -> terms(x, n, step));
      return new TrainingException(where, null);
    } catch (FiniteCheck.NotFiniteException e) {
      return new TrainingException(where + ": " + e.getMessage(), e);
    }
  }

  /** Measures the latents of training clips with the averaged weights. */
  @Override
  public void finish() {
    state.ema().swapped(() -> statistics = measure());
  }

  private LatentStatistics measure() {
    double sum = 0;
    double squares = 0;
    long count = 0;
    for (int clip = 0; clip < Math.min(STATISTIC_CLIPS, clips.trainingClips()); clip++) {
      float[] latents = latents(clip);
      for (float v : latents) {
        sum += v;
        squares += (double) v * v;
      }
      count += latents.length;
    }
    double mean = sum / count;
    return LatentStatistics.of(mean, Math.sqrt((squares / count) - (mean * mean)));
  }

  private float[] latents(int clip) {
    try (Tape scope = Tape.noGrad()) {
      int s = clips.size();
      Tensor x =
          Tensor.of(Shape.of(1, 3, TrainConfig.VIDEO_FRAMES, s, s), clips.video(clip, 0, false));
      return vae.encode(x, Mode.EVAL).mean().toArray();
    }
  }

  @Override
  public Map<String, String> extra() {
    return statistics == null
        ? Map.of()
        : Map.of(
            "latent_shift", Float.toString(statistics.shift()),
            "latent_scale", Float.toString(statistics.scale()));
  }
}
