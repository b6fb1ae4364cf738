package medsora;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.align.AlignmentConfig;
import medsora.align.FrozenNetworks;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;
import medsora.media.Clip;
import medsora.train.Checkpoint;
import medsora.train.Clips;
import medsora.train.DenoiserStage;
import medsora.train.InitialWeights;
import medsora.train.TrainConfig;
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
  private static final Pattern SEED = Pattern.compile("seed=(-?[0-9]{1,19}),");

  private final TrainConfig config;
  private final Denoiser denoiser;
  private final Autoencoder autoencoder;

  private MedSora(TrainConfig config, Denoiser denoiser, Autoencoder autoencoder) {
    this.config = config;
    this.denoiser = denoiser;
    this.autoencoder = autoencoder;
  }

  /** Loads the averaged weights of a run folder. */
  public static MedSora load(Path run) throws IOException {
    return load(run, InitialWeights.Kind.EMA);
  }

  /**
   * Loads a run folder, or a denoiser's file beside which {@code vae.safetensors} lies.
   *
   * @throws IOException saying which checkpoint is missing or does not fit
   */
  public static MedSora load(Path run, InitialWeights.Kind kind) throws IOException {
    Path file = Autoencoder.inFolder(run, DenoiserStage.NAME);
    Path folder = file.toAbsolutePath().getParent();
    // The denoiser was trained on latents of the averaged autoencoder, whichever is asked for.
    Autoencoder beside = Autoencoder.load(folder, InitialWeights.Kind.EMA);
    String trainedOn = trainedOn(file);
    if (trainedOn != null && !trainedOn.equals(Weights.sha256(beside.vae().stateDict()))) {
      throw new IOException(
          "[medsora] "
              + file
              + " was trained on another autoencoder than the one beside it: restore that one, or"
              + " name an autoencoder to join it with on purpose (--vae)");
    }
    return load(file, kind, beside);
  }

  /** Loads the denoiser of a run folder, or its file, and joins it with an autoencoder. */
  public static MedSora load(Path run, InitialWeights.Kind kind, Autoencoder autoencoder)
      throws IOException {
    Path file = Autoencoder.inFolder(run, DenoiserStage.NAME);
    Checkpoint.Info info = Autoencoder.info(file, DenoiserStage.NAME);
    DenoiserConfig shape = Autoencoder.part(file, info, DenoiserConfig.class);
    TrainConfig.Data data = Autoencoder.part(file, info, TrainConfig.Data.class);
    TrainConfig.DenoiserTraining training =
        Autoencoder.part(file, info, TrainConfig.DenoiserTraining.class);
    TrainConfig config = config(file, seed(file, info), data, autoencoder, shape, training);
    Denoiser denoiser = InitialWeights.loaded(file, () -> new Denoiser(shape), kind);
    String trainedOn = trainedOn(file);
    if (trainedOn != null && !trainedOn.equals(Weights.sha256(autoencoder.vae().stateDict()))) {
      LOG.log(Level.WARNING, "{0} was trained on another autoencoder than it is joined with", file);
    }
    return new MedSora(config, denoiser, autoencoder);
  }

  private static TrainConfig config(
      Path file,
      long seed,
      TrainConfig.Data data,
      Autoencoder autoencoder,
      DenoiserConfig shape,
      TrainConfig.DenoiserTraining training)
      throws IOException {
    try {
      return new TrainConfig(
          NAME, seed, data, autoencoder.vae().config(), autoencoder.training(), shape, training);
    } catch (IllegalArgumentException e) {
      throw new IOException("[medsora] " + file + ": its configuration contradicts itself", e);
    }
  }

  /** The hash of the autoencoder that a denoiser was trained on, or null where it is not said. */
  private static String trainedOn(Path file) throws IOException {
    return Autoencoder.info(file, DenoiserStage.NAME).extra().get(DenoiserStage.VAE_SHA256);
  }

  private static long seed(Path file, Checkpoint.Info info) throws IOException {
    Matcher found = SEED.matcher(info.config());
    if (!found.lookingAt()) {
      throw new IOException("[medsora] " + file + ": its configuration does not say its seed");
    }
    try {
      return Long.parseLong(found.group(1));
    } catch (NumberFormatException e) {
      throw new IOException("[medsora] " + file + ": its seed is beyond 64 bits", e);
    }
  }

  /**
   * The configuration that it was trained under, read from its checkpoints, but for the alignment,
   * which is left out.
   */
  public TrainConfig config() {
    return config;
  }

  public Denoiser denoiser() {
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
    return new Generator(denoiser, autoencoder, settings);
  }

  /**
   * Training that begins from this model's weights and changes them in place, as configured by
   * {@link #config}, without alignment; its moving average begins as a copy of them.
   */
  public DenoiserStage training(Clips clips) {
    return new DenoiserStage(config, clips, denoiser, autoencoder.vae(), autoencoder.statistics());
  }

  /** The same with an alignment. */
  public DenoiserStage training(Clips clips, AlignmentConfig alignment, FrozenNetworks networks) {
    return new DenoiserStage(
        config.with(alignment),
        clips,
        denoiser,
        autoencoder.vae(),
        autoencoder.statistics(),
        networks,
        null);
  }
}
