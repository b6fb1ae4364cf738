package medsora.train.store;

import engine.io.Printable;
import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import medsora.config.Config;
import medsora.config.ConfigTree;
import medsora.config.DiffusersConfig;
import medsora.config.TrainConfig;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.PlainDenoiser;
import medsora.vae.LatentStatistics;
import medsora.vae.PlainVae;
import medsora.vae.VaeConfig;
import org.jspecify.annotations.Nullable;

/**
 * What plain weights say of themselves: weights under the names of the released state dicts or of
 * diffusers, without anything of this program beside them. Names and shapes tell the sizes, a
 * {@code config.json} of diffusers the rest; what neither tells is that of the profile whose
 * modules they have.
 */
public final class PlainWeights {
  /** The stage whose weights are an autoencoder's. */
  public static final String VAE = "vae";

  /** The stage whose weights are a denoiser's. */
  public static final String DENOISER = "denoiser";

  /** What is taken from latents before they are scaled, in what a checkpoint says of its own. */
  public static final String SHIFT = "latent_shift";

  /** What latents are multiplied by, likewise. */
  public static final String SCALE = "latent_scale";

  /** A built-in configuration of the usual size, for what no weight tells. */
  private static final String USUAL = "medsora-b";

  private PlainWeights() {}

  /**
   * What weights say of themselves, in the form in which checkpoints do.
   *
   * @throws IOException where they are of no network of this program
   */
  static Checkpoint.Info info(TensorSource file) throws IOException {
    if (PlainDenoiser.isOne(file)) {
      return denoiser(file);
    }
    if (PlainVae.isOne(file)) {
      return vae(file);
    }
    List<String> names = file.names();
    throw new IOException(
        "[weights] %s holds neither a denoiser nor an autoencoder: its %d names are of another network, such as '%s'"
            .formatted(
                file.path(),
                names.size(),
                names.isEmpty() ? "" : Printable.brief(names.getFirst())));
  }

  private static Checkpoint.Info vae(TensorSource file) throws IOException {
    DiffusersConfig beside = DiffusersConfig.beside(file.path());
    LatentStatistics statistics = statistics(beside);
    return new Checkpoint.Info(
        VAE,
        0,
        ConfigTree.json(configuration(file, "reference", sizes(file, beside), null)),
        Map.of(),
        "",
        Map.of(SHIFT, statistics.shiftText(), SCALE, statistics.scaleText()));
  }

  private static Checkpoint.Info denoiser(TensorSource file) throws IOException {
    String profile = PlainDenoiser.isReleased(file) ? "reference" : "paper";
    DenoiserConfig usual = DenoiserConfig.of(usual(profile).denoiser());
    DenoiserConfig shown = PlainDenoiser.config(file, usual);
    return new Checkpoint.Info(
        DENOISER,
        0,
        ConfigTree.json(configuration(file, profile, null, shown)),
        Map.of(),
        "",
        Map.of());
  }

  /** The sizes of an autoencoder: those of its weights, with the groups that its folder says. */
  public static VaeConfig sizes(TensorSource file) throws IOException {
    return sizes(file, DiffusersConfig.beside(file.path()));
  }

  private static VaeConfig sizes(TensorSource file, @Nullable DiffusersConfig beside)
      throws IOException {
    if (beside == null) {
      return PlainVae.config(file, PlainVae.GROUPS);
    }
    VaeConfig shown =
        PlainVae.config(file, beside.groups() == 0 ? PlainVae.GROUPS : beside.groups());
    boolean agree =
        (beside.widths().isEmpty() || beside.widths().equals(shown.widths()))
            && (beside.layers() == 0 || beside.layers() == shown.layers())
            && (beside.latentChannels() == 0 || beside.latentChannels() == shown.latentChannels());
    if (!agree) {
      throw new IOException(
          "[weights] %s has widths %s, %d layers and %d latent channels, the %s beside it says %s, %d and %d: one of them belongs to another model"
              .formatted(
                  file.path(),
                  shown.widths(),
                  shown.layers(),
                  shown.latentChannels(),
                  DiffusersConfig.FILE,
                  beside.widths(),
                  beside.layers(),
                  beside.latentChannels()));
    }
    return shown;
  }

  /** How latents of an autoencoder are scaled by what its folder says, else as those published. */
  public static LatentStatistics statistics(Path file) throws IOException {
    return statistics(DiffusersConfig.beside(TensorSource.file(file)));
  }

  private static LatentStatistics statistics(@Nullable DiffusersConfig beside) {
    if (beside == null || beside.scalingFactor() == 0) {
      return LatentStatistics.RELEASED;
    }
    double factor = beside.scalingFactor();
    return new LatentStatistics(
        (float) beside.shiftFactor(), (float) (beside.inverted() ? 1 / factor : factor));
  }

  private static TrainConfig usual(String profile) {
    return Config.builtin(USUAL, Map.of("profile", profile));
  }

  /** A whole configuration that agrees with the part that is known. */
  private static TrainConfig configuration(
      TensorSource file, String profile, @Nullable VaeConfig vae, @Nullable DenoiserConfig denoiser)
      throws IOException {
    TrainConfig usual = usual(profile);
    VaeConfig ofVae = vae == null ? usual.vae() : vae;
    DenoiserConfig ofDenoiser = denoiser == null ? DenoiserConfig.of(usual.denoiser()) : denoiser;
    int channels = vae == null ? ofDenoiser.inChannels() : ofVae.latentChannels();
    TrainConfig.Data data = usual.data();
    try {
      return new TrainConfig(
          usual.name(),
          usual.seed(),
          new TrainConfig.Data(
              ofVae.spaceFactor() * ofDenoiser.inputSize(),
              data.sampling(),
              data.flip(),
              data.heldOut(),
              data.imageWindows()),
          ofVae.withLatentChannels(channels),
          usual.vaeTraining(),
          ofDenoiser.withChannels(channels),
          usual.denoiserTraining(),
          usual.alignment(),
          usual.stopping(),
          usual.perceptual(),
          usual.watching(),
          usual.recipe());
    } catch (IllegalArgumentException e) {
      throw new IOException("[weights] " + file.path() + ": " + e.getMessage(), e);
    }
  }
}
