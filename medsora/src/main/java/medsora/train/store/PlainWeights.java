package medsora.train.store;

import engine.io.Printable;
import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import medsora.baseline.endora.EndoraConfig;
import medsora.baseline.endora.PlainEndora;
import medsora.baseline.sdvae.PlainSdVae;
import medsora.baseline.sdvae.SdVaeConfig;
import medsora.config.Config;
import medsora.config.ConfigTree;
import medsora.config.DiffusersConfig;
import medsora.config.TrainConfig;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.PlainDenoiser;
import medsora.diffusion.NetworkConfig;
import medsora.vae.AutoencoderConfig;
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

  /** The same for Endora, and for the image autoencoder. */
  private static final String ENDORA = "endora-b";

  private PlainWeights() {}

  /**
   * What weights say of themselves, in the form in which checkpoints do.
   *
   * @throws IOException where they are of no network of this program
   */
  static Checkpoint.Info info(TensorSource file) throws IOException {
    if (PlainEndora.isOne(file)) {
      return endora(file);
    }
    if (PlainDenoiser.isOne(file)) {
      return denoiser(file);
    }
    if (PlainVae.isOne(file) || PlainSdVae.isOne(file)) {
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
    AutoencoderConfig shown = sizes(file, beside);
    LatentStatistics statistics = statistics(beside, shown);
    return new Checkpoint.Info(
        VAE,
        0,
        ConfigTree.json(configuration(file, shown)),
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
        ConfigTree.json(configuration(file, usual(profile), shown)),
        Map.of(),
        "",
        Map.of());
  }

  private static Checkpoint.Info endora(TensorSource file) throws IOException {
    TrainConfig usual = Config.builtin(ENDORA);
    EndoraConfig shown = PlainEndora.config(file);
    return new Checkpoint.Info(
        DENOISER, 0, ConfigTree.json(configuration(file, usual, shown)), Map.of(), "", Map.of());
  }

  /** The sizes of an autoencoder: those of its weights, with the groups that its folder says. */
  public static AutoencoderConfig sizes(TensorSource file) throws IOException {
    return sizes(file, DiffusersConfig.beside(file.path()));
  }

  private static AutoencoderConfig sizes(TensorSource file, @Nullable DiffusersConfig beside)
      throws IOException {
    int groups = beside == null || beside.groups() == 0 ? PlainVae.GROUPS : beside.groups();
    if (PlainSdVae.isOne(file)) {
      SdVaeConfig shown = PlainSdVae.config(file, groups);
      requireAgreement(file, beside, shown.widths(), shown.layers(), shown.latentChannels());
      return shown;
    }
    VaeConfig shown = PlainVae.config(file, groups);
    requireAgreement(file, beside, shown.widths(), shown.layers(), shown.latentChannels());
    return shown;
  }

  /** The sizes that the weights have, against what their folder says. */
  private static void requireAgreement(
      TensorSource file,
      @Nullable DiffusersConfig beside,
      List<Integer> widths,
      int layers,
      int latentChannels)
      throws IOException {
    if (beside == null) {
      return;
    }
    boolean agree =
        (beside.widths().isEmpty() || beside.widths().equals(widths))
            && (beside.layers() == 0 || beside.layers() == layers)
            && (beside.latentChannels() == 0 || beside.latentChannels() == latentChannels);
    if (!agree) {
      throw new IOException(
          "[weights] %s has widths %s, %d layers and %d latent channels, the %s beside it says %s, %d and %d: one of them belongs to another model"
              .formatted(
                  file.path(),
                  widths,
                  layers,
                  latentChannels,
                  DiffusersConfig.FILE,
                  beside.widths(),
                  beside.layers(),
                  beside.latentChannels()));
    }
  }

  /** How latents of an autoencoder are scaled by what its folder says, else as those published. */
  public static LatentStatistics statistics(Path file, AutoencoderConfig shown) throws IOException {
    return statistics(DiffusersConfig.beside(TensorSource.file(file)), shown);
  }

  private static LatentStatistics statistics(
      @Nullable DiffusersConfig beside, AutoencoderConfig shown) {
    if (beside == null || beside.scalingFactor() == 0) {
      return shown.published();
    }
    double factor = beside.scalingFactor();
    return new LatentStatistics(
        (float) beside.shiftFactor(), (float) (beside.inverted() ? 1 / factor : factor));
  }

  private static TrainConfig usual(String profile) {
    return Config.builtin(USUAL, Map.of("profile", profile));
  }

  /** A whole configuration that agrees with an autoencoder. */
  private static TrainConfig configuration(TensorSource file, AutoencoderConfig vae)
      throws IOException {
    if (vae instanceof VaeConfig own) {
      DenoiserConfig usual = DenoiserConfig.of(usual("reference").denoiser());
      DenoiserConfig fitting = usual.withChannels(own.latentChannels());
      return configuration(file, usual("reference"), own, fitting);
    }
    EndoraConfig usual = (EndoraConfig) Config.builtin(ENDORA).denoiser();
    EndoraConfig fitting = usual.withChannels(vae.latentChannels());
    return configuration(file, Config.builtin(ENDORA), vae, fitting);
  }

  /** One that agrees with a denoiser. */
  private static TrainConfig configuration(
      TensorSource file, TrainConfig usual, NetworkConfig denoiser) throws IOException {
    int channels = denoiser.latents().channels();
    return configuration(file, usual, usual.vae().withLatentChannels(channels), denoiser);
  }

  private static TrainConfig configuration(
      TensorSource file, TrainConfig usual, AutoencoderConfig vae, NetworkConfig denoiser)
      throws IOException {
    TrainConfig.Data data = usual.data();
    try {
      return new TrainConfig(
          usual.name(),
          usual.seed(),
          new TrainConfig.Data(
              vae.spaceFactor() * denoiser.latents().height(),
              data.sampling(),
              data.flip(),
              data.heldOut(),
              data.imageWindows()),
          vae,
          usual.vaeTraining(),
          denoiser,
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
