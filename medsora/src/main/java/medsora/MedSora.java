package medsora;

import engine.io.TensorSource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import medsora.align.AlignmentConfig;
import medsora.align.FrozenNetworks;
import medsora.config.Recipe;
import medsora.config.TrainConfig;
import medsora.config.Watching;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import medsora.media.Clip;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Stage;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.InitialWeights;
import medsora.vae.ClipCodec;
import medsora.vae.VaeConfig;
import nn.io.Weights;

/**
 * A trained model: draws clips and can be trained further.
 *
 * <pre>{@code
 * MedSora model = MedSora.load(Path.of("out/demo"));
 * Clip clip = model.sample(42, 0, 50); // seed, number, steps
 * List<byte[]> frames = clip.frames(); // 16 frames of RGB bytes
 * }</pre>
 *
 * Not for use by two threads at once.
 */
public final class MedSora {
  private static final Logger LOG = System.getLogger("medsora");
  private static final String NAME = "loaded";

  private final TrainConfig config;
  private final NoisePredictor denoiser;
  private final ClipCodec autoencoder;

  private MedSora(TrainConfig config, NoisePredictor denoiser, ClipCodec autoencoder) {
    this.config = config;
    this.denoiser = denoiser;
    this.autoencoder = autoencoder;
  }

  /** Loads the averaged weights of a run folder. */
  public static MedSora load(Path run) throws IOException {
    return load(run, InitialWeights.Kind.EMA);
  }

  /**
   * Loads a run folder, or a denoiser's file beside which its autoencoder lies: {@code
   * vae.safetensors}, {@code vae.pt} and its likes, or a folder {@code vae}.
   *
   * @throws IOException saying which checkpoint is missing or does not fit
   */
  public static MedSora load(Path run, InitialWeights.Kind kind) throws IOException {
    Path file = Autoencoder.inFolder(run, DenoiserObjective.NAME);
    // The denoiser was trained on latents of the averaged autoencoder, whichever is asked for.
    ClipCodec beside = Codecs.load(beside(file));
    if (!isTrainedOn(file, beside)) {
      throw new IOException(
          "[medsora] "
              + file
              + " was trained on another autoencoder than the one beside it: restore that one, or"
              + " name an autoencoder to join it with on purpose (--vae)");
    }
    return load(file, kind, beside);
  }

  private static Path beside(Path file) throws IOException {
    Path denoiser = TensorSource.file(file).toAbsolutePath();
    Path vae = Autoencoder.inFolder(denoiser.resolveSibling(""), VaeObjective.NAME);
    if (vae.equals(denoiser)) {
      throw new IOException(
          "[medsora] no autoencoder lies beside " + file + ": name one to join it with (--vae)");
    }
    return vae;
  }

  /** Loads the denoiser of a run folder, or its file, and joins it with an autoencoder. */
  public static MedSora load(Path run, InitialWeights.Kind kind, ClipCodec autoencoder)
      throws IOException {
    Path file = Autoencoder.inFolder(run, DenoiserObjective.NAME);
    Checkpoint.Info info = Autoencoder.info(file, DenoiserObjective.NAME);
    TrainConfig config = config(file, info, autoencoder);
    NoisePredictor denoiser =
        InitialWeights.loaded(file, config::newDenoiser, NoisePredictor::module, kind);
    if (!isTrainedOn(file, autoencoder)) {
      LOG.log(Level.WARNING, "{0} was trained on another autoencoder than it is joined with", file);
    }
    return new MedSora(config, denoiser, autoencoder);
  }

  private static TrainConfig config(Path file, Checkpoint.Info info, ClipCodec codec)
      throws IOException {
    long seed = Autoencoder.part(file, info, "seed", long.class);
    TrainConfig.Data data = Autoencoder.part(file, info, "data", TrainConfig.Data.class);
    NetworkConfig shape = Autoencoder.part(file, info, "denoiser", NetworkConfig.class);
    TrainConfig.DenoiserTraining training =
        Autoencoder.part(file, info, "denoiserTraining", TrainConfig.DenoiserTraining.class);
    AlignmentConfig alignment = Autoencoder.part(file, info, "alignment", AlignmentConfig.class);
    Autoencoder own = codec instanceof Autoencoder a ? a : null;
    try {
      return new TrainConfig(
          NAME,
          seed,
          data,
          own == null ? Autoencoder.part(file, info, "vae", VaeConfig.class) : own.vae().config(),
          own == null
              ? Autoencoder.part(file, info, "vaeTraining", TrainConfig.VaeTraining.class)
              : own.training(),
          shape,
          training,
          alignment.enabled(false),
          TrainConfig.EarlyStopping.NEVER,
          TrainConfig.Perceptual.NONE,
          Watching.NEVER,
          Autoencoder.part(file, info, "recipe", Recipe.class));
    } catch (IllegalArgumentException e) {
      throw new IOException("[medsora] " + file + ": its configuration contradicts itself", e);
    }
  }

  /** Whether a denoiser was trained on an autoencoder, as far as it is said. */
  private static boolean isTrainedOn(Path file, ClipCodec codec) throws IOException {
    String hash = Autoencoder.info(file, DenoiserObjective.NAME).beside().get(Identity.VAE_SHA256);
    return hash == null || hash.equals(Weights.sha256(codec.codec().module().stateDict()));
  }

  /**
   * The configuration that it was trained under, read from its checkpoints, but for the alignment,
   * which is left out.
   */
  public TrainConfig config() {
    return config;
  }

  public NoisePredictor denoiser() {
    return denoiser;
  }

  /**
   * The autoencoder that it is joined with.
   *
   * @throws IllegalStateException where that is not of the paper's kind; see {@link #codec}
   */
  public Autoencoder autoencoder() {
    if (autoencoder instanceof Autoencoder own) {
      return own;
    }
    throw new IllegalStateException("[medsora] it is joined with an autoencoder of another kind");
  }

  /** The autoencoder that it is joined with, of any kind. */
  public ClipCodec codec() {
    return autoencoder;
  }

  /** Clip number {@code index} of a seed, by DDIM in so many steps (250 in the paper). */
  public Clip sample(long seed, long index, int steps) {
    return generator(Generator.Settings.ddim(steps)).sample(seed, index, done -> {});
  }

  /** For sampling in other ways. */
  public Generator generator(Generator.Settings settings) {
    return new Generator(denoiser, autoencoder, settings, config.recipe().samplingBound());
  }

  /**
   * Training that begins from this model's weights and changes them in place, as configured by
   * {@link #config}, without alignment; its moving average begins as a copy of them.
   */
  public Stage training(Clips clips) {
    return new Stage(
        new DenoiserObjective(
            config, clips, denoiser, autoencoder.codec(), autoencoder.statistics()));
  }

  /** The same with an alignment. */
  public Stage training(Clips clips, AlignmentConfig alignment, FrozenNetworks networks) {
    return new Stage(
        new DenoiserObjective(
            config.with(alignment),
            clips,
            denoiser,
            autoencoder.codec(),
            autoencoder.statistics(),
            networks,
            null));
  }
}
