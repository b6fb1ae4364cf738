package medsora.baseline.lvdm;

import static engine.op.elementwise.Elementwise.clamp;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import medsora.vae.LatentCodec;
import medsora.vae.LatentStatistics;
import medsora.vae.Moments;
import medsora.vae.StageWatcher;
import nn.Module;
import nn.Outline;

/**
 * LVDM's video autoencoder: 3-D convolutions whose border is repeated outwards, no attention, whole
 * clips at once. State-dict names and order are those of the released code below {@code
 * first_stage_model}.
 */
public final class LvdmVae extends Module implements LatentCodec {
  /**
   * z becomes (z + 1.4606637) * 0.33422927: measured on a data set of skies and used for the
   * endoscopies too.
   */
  public static final LatentStatistics STATISTICS = new LatentStatistics(-1.4606637f, 0.33422927f);

  private static final float LEAST = -30;
  private static final float MOST = 20;

  private final LvdmVaeConfig config;
  private final LvdmEncoder encoder;
  private final LvdmDecoder decoder;
  private final ReplicatedConv3d quant;
  private final ReplicatedConv3d postQuant;
  private StageWatcher watcher = StageWatcher.NONE;

  public LvdmVae(LvdmVaeConfig config) {
    this.config = config;
    int latent = config.latentChannels();
    this.encoder = child("encoder", new LvdmEncoder(config));
    this.decoder = child("decoder", new LvdmDecoder(config));
    this.quant = child("quant_conv", new ReplicatedConv3d(2 * latent, 2 * latent, 1));
    this.postQuant = child("post_quant_conv", new ReplicatedConv3d(latent, latent, 1));
  }

  public LvdmVaeConfig config() {
    return config;
  }

  @Override
  public Module module() {
    return this;
  }

  @Override
  public LvdmVae outline() {
    return Outline.of(() -> new LvdmVae(config));
  }

  @Override
  public int spaceFactor() {
    return config.spaceFactor();
  }

  /** Shows the stages to a watcher from now on. */
  public void watch(StageWatcher other) {
    this.watcher = other;
  }

  /**
   * Means, and behind them log-variances as they come.
   *
   * @param clip [b, 3, T, H, W] in [-1, 1], T, H and W multiples of the factors
   * @return [b, 2 C, T / f, H / s, W / s]
   */
  public Tensor encodeMoments(Tensor clip) {
    Shape s = clip.shape();
    int time = config.timeFactor();
    int space = config.spaceFactor();
    ShapeException.require(
        s.rank() == 5
            && s.dim(1) == 3
            && s.dim(2) % time == 0
            && s.dim(3) % space == 0
            && s.dim(4) % space == 0,
        "lvdm encoder",
        "wants x [b,3,T,H,W] with T a multiple of %d, H and W of %d, got x=%s",
        time,
        space,
        s);
    return Tape.consume(encoder.forward(clip, watcher), quant::forward);
  }

  /** The posterior of a clip's latents, its log-variance held within -30 and 20. */
  @Override
  public Moments encode(Tensor clip) {
    Tensor both = encodeMoments(clip);
    int latent = config.latentChannels();
    return new Moments(
        slice(both, 1, 0, latent), clamp(slice(both, 1, latent, 2 * latent), LEAST, MOST));
  }

  /**
   * The clip of latents as they come from the encoder.
   *
   * @param z [b, C, t, h, w]
   * @return [b, 3, t f, h s, w s], about -1 to 1
   */
  @Override
  public Tensor decode(Tensor z) {
    ShapeException.require(
        z.shape().rank() == 5 && z.dim(1) == config.latentChannels(),
        "lvdm decoder",
        "wants z [b,%d,t,h,w], got %s",
        config.latentChannels(),
        z.shape());
    return decoder.consume(postQuant.forward(z), watcher);
  }
}
