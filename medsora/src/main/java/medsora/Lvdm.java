package medsora;

import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import medsora.baseline.lvdm.LvdmDenoiser;
import medsora.baseline.lvdm.LvdmVae;
import medsora.baseline.lvdm.LvdmWeights;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.diffusion.NetworkConfig;
import medsora.train.store.InitialWeights;
import medsora.train.store.WeightsFile;
import org.jspecify.annotations.Nullable;

/**
 * LVDM as published: a denoiser and its autoencoder out of one checkpoint.
 *
 * <pre>{@code
 * MedSora model = Lvdm.load(Path.of("lvdm.ckpt"), InitialWeights.Kind.RAW, null, Lvdm.RELEASED);
 * Clip clip = model.generator(new Generator.Settings(1000, new Sampler.Method.Ddpm()))
 *     .sample(42, 0, done -> {}); // 16 frames of 256x256
 * }</pre>
 */
public final class Lvdm {
  /** Side of the frames that it was trained on. */
  public static final int TRAINED = 128;

  /** Side of the frames that the released program draws. */
  public static final int RELEASED = 256;

  /** A built-in configuration, for what no weight tells. */
  private static final String USUAL = "lvdm";

  private Lvdm() {}

  /** Whether a file holds a denoiser of LVDM, and is no checkpoint of this program. */
  public static boolean isOne(Path path) throws IOException {
    return holds(path, LvdmWeights::hasDenoiser);
  }

  /** The same of LVDM's autoencoder. */
  public static boolean hasAutoencoder(Path path) throws IOException {
    return holds(path, LvdmWeights::hasAutoencoder);
  }

  private static boolean holds(Path path, Predicate<LvdmWeights> what) throws IOException {
    if (!Files.isRegularFile(TensorSource.file(path))) {
      return false;
    }
    try (TensorSource source = TensorSource.open(path, TensorSource.Choice.RAW)) {
      return !WeightsFile.knowsItself(source) && what.test(new LvdmWeights(source));
    }
  }

  /**
   * Loads the autoencoder of a checkpoint, for use.
   *
   * @throws IOException saying what the file lacks
   */
  public static Autoencoder autoencoder(Path path) throws IOException {
    try (LvdmWeights weights = LvdmWeights.open(path)) {
      LvdmVae vae = weights.autoencoder();
      TrainConfig usual = Config.builtin(USUAL);
      return new Autoencoder(vae, weights.statistics(vae.config()), TRAINED, usual.vaeTraining());
    }
  }

  /**
   * Loads a checkpoint.
   *
   * @param kind whether the moving average is taken where there is one; the released program takes
   *     the raw weights
   * @param autoencoder to join it with, or null for the one in the checkpoint
   * @param size side of the frames, {@link #TRAINED}, {@link #RELEASED} or another that each level
   *     of the denoiser can halve
   * @throws IOException saying what the file lacks, or why frames cannot be of that size
   */
  public static MedSora load(
      Path path, InitialWeights.Kind kind, @Nullable Autoencoder autoencoder, int size)
      throws IOException {
    Autoencoder joined = autoencoder == null ? autoencoder(path) : autoencoder;
    int factor = joined.vae().config().spaceFactor();
    if (size < factor || size % factor != 0) {
      throw new IOException(
          "[lvdm] frames want a side that is a multiple of %d, got %d".formatted(factor, size));
    }
    try (LvdmWeights weights = LvdmWeights.open(path)) {
      LvdmDenoiser denoiser = weights.denoiser(size / factor, kind == InitialWeights.Kind.EMA);
      return new MedSora(
          config(path, joined, denoiser.config(), size),
          denoiser,
          new Autoencoder(joined.vae(), joined.statistics(), size, joined.training()));
    }
  }

  /** The usual configuration with these networks. */
  private static TrainConfig config(
      Path path, Autoencoder autoencoder, NetworkConfig denoiser, int size) throws IOException {
    int latents = denoiser.latents().videoFrames();
    int time = autoencoder.vae().config().timeFactor();
    try {
      TrainConfig usual =
          Config.builtin(
              USUAL,
              Map.of(
                  "denoiser.frames", String.valueOf(latents),
                  "vae.timeFactor", String.valueOf(time),
                  "vaeTraining.frames", String.valueOf(latents * time)));
      TrainConfig.Data data = usual.data();
      return new TrainConfig(
          usual.name(),
          usual.seed(),
          new TrainConfig.Data(
              size, data.sampling(), data.flip(), data.heldOut(), data.imageWindows()),
          autoencoder.vae().config(),
          usual.vaeTraining(),
          denoiser,
          usual.denoiserTraining(),
          usual.alignment(),
          usual.stopping(),
          usual.perceptual(),
          usual.watching(),
          usual.recipe());
    } catch (IllegalArgumentException e) {
      throw new IOException("[lvdm] " + path + ": " + e.getMessage(), e);
    }
  }
}
