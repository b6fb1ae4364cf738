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
import medsora.train.store.ExportedWeights;
import medsora.train.store.Identity;
import medsora.train.store.InitialWeights;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A trained model: draws clips and can be trained further.
 *
 * <pre>{@code
 * MedSora model = MedSora.pretrained("phantom-64"); // or MedSora.load(Path.of("out/demo"))
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
  private final Autoencoder autoencoder;

  MedSora(TrainConfig config, NoisePredictor denoiser, Autoencoder autoencoder) {
    this.config = config;
    this.denoiser = denoiser;
    this.autoencoder = autoencoder;
  }

  /**
   * A model that comes with the program, in its jar.
   *
   * @param name {@code phantom-64}
   * @throws IOException where there is none of this name, naming those that there are
   */
  public static MedSora pretrained(String name) throws IOException {
    return Pretrained.load(name);
  }

  /** Loads the averaged weights of a run folder. */
  public static MedSora load(Path run) throws IOException {
    return load(run, InitialWeights.Kind.EMA);
  }

  /**
   * Loads a run folder, or a denoiser's file beside which its autoencoder lies: {@code
   * vae.safetensors}, {@code vae.pt} and its likes, or a folder {@code vae}; or a checkpoint of
   * LVDM, which has both.
   *
   * @throws IOException saying which checkpoint is missing or does not fit
   */
  public static MedSora load(Path run, InitialWeights.Kind kind) throws IOException {
    Path file = Autoencoder.inFolder(run, DenoiserObjective.NAME);
    if (Lvdm.isOne(file)) {
      return Lvdm.load(file, kind, null, Lvdm.TRAINED);
    }
    // The denoiser was trained on latents of the averaged autoencoder, whichever is asked for.
    Path besideFile = beside(file);
    Autoencoder beside = Autoencoder.load(besideFile, InitialWeights.Kind.EMA);
    if (!isTrainedOn(file, beside, besideFile)) {
      throw new IOException(
          "[medsora] "
              + file
              + " was trained on another autoencoder than the one beside it: restore that one, or"
              + " name an autoencoder to join it with on purpose (--vae)");
    }
    return joined(file, kind, beside);
  }

  /** Whether a denoiser was trained on an autoencoder, or on what that was rounded from. */
  private static boolean isTrainedOn(Path file, Autoencoder autoencoder, Path ofAutoencoder)
      throws IOException {
    String trainedOn = trainedOn(file);
    Checkpoint.Info info = Autoencoder.info(ofAutoencoder, VaeObjective.NAME);
    return trainedOn == null
        || trainedOn.equals(Weights.sha256(autoencoder.vae().module().stateDict()))
        || trainedOn.equals(info.extra().get(ExportedWeights.ROUNDED_FROM));
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
  public static MedSora load(Path run, InitialWeights.Kind kind, Autoencoder autoencoder)
      throws IOException {
    Path file = Autoencoder.inFolder(run, DenoiserObjective.NAME);
    if (Lvdm.isOne(file)) {
      return Lvdm.load(file, kind, autoencoder, Lvdm.TRAINED);
    }
    MedSora model = joined(file, kind, autoencoder);
    String trainedOn = trainedOn(file);
    if (trainedOn != null
        && !trainedOn.equals(Weights.sha256(autoencoder.vae().module().stateDict()))) {
      LOG.log(Level.WARNING, "{0} was trained on another autoencoder than it is joined with", file);
    }
    return model;
  }

  private static MedSora joined(Path file, InitialWeights.Kind kind, Autoencoder autoencoder)
      throws IOException {
    Checkpoint.Info info = Autoencoder.info(file, DenoiserObjective.NAME);
    TrainConfig config = config(file, info, autoencoder);
    return new MedSora(
        config,
        InitialWeights.loaded(file, config::newDenoiser, NoisePredictor::module, kind),
        autoencoder);
  }

  private static TrainConfig config(Path file, Checkpoint.Info info, Autoencoder autoencoder)
      throws IOException {
    long seed = Autoencoder.part(file, info, "seed", long.class);
    TrainConfig.Data data = Autoencoder.part(file, info, "data", TrainConfig.Data.class);
    NetworkConfig shape = Autoencoder.part(file, info, "denoiser", NetworkConfig.class);
    TrainConfig.DenoiserTraining training =
        Autoencoder.part(file, info, "denoiserTraining", TrainConfig.DenoiserTraining.class);
    AlignmentConfig alignment = Autoencoder.part(file, info, "alignment", AlignmentConfig.class);
    try {
      return new TrainConfig(
          NAME,
          seed,
          data,
          autoencoder.vae().config(),
          autoencoder.training(),
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

  /** The hash of the autoencoder that a denoiser was trained on, or null where it is not said. */
  private static @Nullable String trainedOn(Path file) throws IOException {
    return Autoencoder.info(file, DenoiserObjective.NAME).beside().get(Identity.VAE_SHA256);
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

  public Autoencoder autoencoder() {
    return autoencoder;
  }

  /** Clip number {@code index} of a seed, by DDIM in so many steps (250 in the paper). */
  public Clip sample(long seed, long index, int steps) {
    return generator(Generator.Settings.ddim(steps)).sample(seed, index, done -> {});
  }

  /** For sampling in other ways. */
  public Generator generator(Generator.Settings settings) {
    return new Generator(denoiser, autoencoder, settings, config.recipe().drawing());
  }

  /**
   * Training that begins from this model's weights and changes them in place, as configured by
   * {@link #config}, without alignment; its moving average begins as a copy of them.
   */
  public Stage training(Clips clips) {
    return new Stage(
        new DenoiserObjective(
            config, clips, denoiser, autoencoder.vae(), autoencoder.statistics()));
  }

  /** The same with an alignment. */
  public Stage training(Clips clips, AlignmentConfig alignment, FrozenNetworks networks) {
    return new Stage(
        new DenoiserObjective(
            config.with(alignment),
            clips,
            denoiser,
            autoencoder.vae(),
            autoencoder.statistics(),
            networks,
            null));
  }
}
