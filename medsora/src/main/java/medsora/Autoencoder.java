package medsora;

import static engine.op.layout.Layout.permute;

import engine.autodiff.Tape;
import engine.io.Printable;
import engine.io.TensorSource;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import medsora.config.Config;
import medsora.config.ConfigException;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;
import medsora.media.Clip;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.InitialWeights;
import medsora.train.store.PlainWeights;
import medsora.train.store.RunFolder;
import medsora.train.store.WeightsFile;
import medsora.vae.AutoencoderConfig;
import medsora.vae.ClipAutoencoder;
import medsora.vae.LatentStatistics;
import medsora.vae.TiledVae;
import medsora.vae.Tiling;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;
import nn.Module;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A trained autoencoder with the statistics of its latents.
 *
 * @param statistics how latents are brought to zero mean and unit variance
 * @param size side of the frames it was trained on; it works on other sizes too
 * @param training how it was trained
 */
public record Autoencoder(
    ClipAutoencoder vae, LatentStatistics statistics, int size, TrainConfig.VaeTraining training) {
  /**
   * Loads a checkpoint or what was exported from one; of any other weights as {@link
   * #pretrained(Path, VaeConfig, VaeConfig.Compensation, long)} does, with the modules that they
   * have.
   *
   * @param path a run folder, the file in it, or whatever else {@link WeightsFile} opens
   * @param kind averaged or raw weights
   * @throws IOException saying what the file lacks
   */
  public static Autoencoder load(Path path, InitialWeights.Kind kind) throws IOException {
    Path file = inFolder(path, VaeObjective.NAME);
    if (Lvdm.hasAutoencoder(file)) {
      return Lvdm.autoencoder(file);
    }
    Checkpoint.Info info = info(file, VaeObjective.NAME);
    if (!knowsItself(file)) {
      return pretrained(file, null, null, 0);
    }
    AutoencoderConfig config = part(file, info, "vae", AutoencoderConfig.class);
    ClipAutoencoder vae =
        InitialWeights.loaded(file, config::network, ClipAutoencoder::module, kind);
    return new Autoencoder(
        vae,
        statistics(file, info.extra()),
        part(file, info, "data", TrainConfig.Data.class).size(),
        part(file, info, "vaeTraining", TrainConfig.VaeTraining.class));
  }

  /**
   * Loads plain weights under the names of the released checkpoints, with their statistics; every
   * name must be there, and all can be trained.
   */
  public static Autoencoder released(Path file, AutoencoderConfig config) throws IOException {
    ClipAutoencoder vae = config.network();
    InitialWeights.load(file, vae.module(), InitialWeights.Kind.EMA);
    return plain(vae, PlainWeights.statistics(file, config));
  }

  /**
   * Loads published weights for use, not for training: CogVideoX's as they are, or with the
   * compensation modules that the file has or lacks, those of the image autoencoder kl-f8, or
   * LVDM's. Weights that the file has in 16 bits stay so.
   *
   * @param path a file of weights of any kind, or a folder of them; a {@code config.json} of
   *     diffusers beside it says the groups of its norms and how its latents are scaled
   * @param sizes the configuration but for its compensation, or null for what the file shows
   * @param compensation which modules are added; those that the file lacks begin fresh. Null: those
   *     that the file has
   * @param seed of what begins fresh
   * @throws IOException listing every other name that is missing or unexpected, and every shape
   */
  public static Autoencoder pretrained(
      Path path,
      @Nullable AutoencoderConfig sizes,
      VaeConfig.@Nullable Compensation compensation,
      long seed)
      throws IOException {
    Path file = WeightsFile.find(path, VaeObjective.NAME);
    if (compensation == null && Lvdm.hasAutoencoder(file)) {
      return Lvdm.autoencoder(file);
    }
    AutoencoderConfig shown;
    try (TensorSource opened = WeightsFile.open(file, InitialWeights.Kind.EMA)) {
      shown = sizes == null ? PlainWeights.sizes(opened) : sizes;
    }
    AutoencoderConfig config =
        compensation == null ? shown : VaeConfig.of(shown).with(compensation);
    Predicate<String> optional = name -> compensation != null && Vae.isCompensation(name);
    // Without memory at first: what the file gives is taken over as it is.
    ClipAutoencoder vae = InitialWeights.outline(file, config::network);
    Module module = vae.module();
    InitialWeights.load(file, module, InitialWeights.Kind.EMA, new Weights.Reading(optional, true));
    Set<String> fresh = new HashSet<>();
    module
        .parameters()
        .forEach((name, p) -> {
          if (!p.hasValues()) {
            fresh.add(name);
          }
        });
    module.initialize(seed, fresh::contains);
    module.setTrainable(false);
    return plain(vae, PlainWeights.statistics(file, config));
  }

  /** An autoencoder of random weights, to see what a size costs where no weights are at hand. */
  public static Autoencoder random(AutoencoderConfig config, long seed) {
    ClipAutoencoder vae = config.network();
    vae.module().initialize(seed);
    return plain(vae, config.published());
  }

  private static Autoencoder plain(ClipAutoencoder vae, LatentStatistics statistics) {
    int size = Config.builtin("medsora-b").data().size();
    // Published weights were trained elsewhere: a training that goes with any number of frames.
    TrainConfig.VaeTraining training =
        vae.config() instanceof VaeConfig
            ? Config.profile("reference").part("vaeTraining", TrainConfig.VaeTraining.class)
            : Config.builtin("endora-b", Map.of("vaeTraining.frames", "1")).vaeTraining();
    return new Autoencoder(vae, statistics, size, training);
  }

  /** Whether a path leads to a checkpoint of this program, or to what was exported from one. */
  public static boolean knowsItself(Path path) throws IOException {
    Path file = WeightsFile.find(path, VaeObjective.NAME);
    try (TensorSource opened = WeightsFile.open(file, InitialWeights.Kind.EMA)) {
      return WeightsFile.knowsItself(opened);
    }
  }

  /** The file of a stage that a path means. */
  static Path inFolder(Path path, String stage) throws IOException {
    boolean named = !TensorSource.file(path).equals(path) || WeightsFile.hasEnding(path);
    boolean folder = Files.isDirectory(path) || !(Files.exists(path) || named);
    Path file = folder ? RunFolder.checkpoint(path, stage) : path;
    if (Files.isRegularFile(TensorSource.file(file))) {
      return file;
    }
    if (Files.isDirectory(path)) {
      try {
        return WeightsFile.find(path, stage);
      } catch (IOException e) {
        throw new IOException(absent(file, path, stage) + "; " + e.getMessage(), e);
      }
    }
    throw new IOException(absent(file, folder ? path : Path.of("DIR"), stage));
  }

  private static String absent(Path file, Path folder, String stage) {
    return "[medsora] no checkpoint %s: train one with ./run train --stage %s --out %s"
        .formatted(file, stage, folder);
  }

  /** What the file of a stage is. */
  static Checkpoint.Info info(Path file, String stage) throws IOException {
    Checkpoint.Info info = WeightsFile.info(file);
    if (!info.stage().equals(stage)) {
      throw new IOException(
          "[medsora] " + file + " holds a " + info.stage() + ", wanted is a " + stage);
    }
    return info;
  }

  /** A part of the configuration that a checkpoint was made under. */
  static <T> T part(Path file, Checkpoint.Info info, String key, Class<T> type) throws IOException {
    ConfigTree tree = info.tree(file);
    try {
      return tree.part(key, type);
    } catch (ConfigException e) {
      throw new IOException(
          "[medsora] %s: its configuration does not say its %s: %s"
              .formatted(file, key, e.getMessage()),
          e);
    }
  }

  private static LatentStatistics statistics(Path file, Map<String, String> extra)
      throws IOException {
    String shift = extra.get(PlainWeights.SHIFT);
    String scale = extra.get(PlainWeights.SCALE);
    if (shift == null || scale == null) {
      throw new IOException(
          "[medsora] " + file + " was saved before its training ended: continue that run first");
    }
    try {
      return LatentStatistics.read(shift, scale);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "[medsora] "
              + file
              + ": its latents' shift '"
              + Printable.brief(shift)
              + "' and scale '"
              + Printable.brief(scale)
              + "' are not numbers to work with; "
              + Checkpoint.remedy(file),
          e);
    }
  }

  /**
   * A clip sent through encoder and decoder, with the means of its latents.
   *
   * @param clip its length a multiple of 8, height and width of the autoencoder's factor (8)
   */
  public Clip reconstruct(Clip clip) {
    try (Tape scope = Tape.noGrad()) {
      Tensor latents = vae.encode(clip.tensor(), Mode.EVAL).mean();
      return like(clip, vae.decode(latents, Mode.EVAL));
    }
  }

  /**
   * The latents of a clip as the denoiser has them: their means, at unit scale.
   *
   * @param clip its length a multiple of 8, height and width of the autoencoder's factor (8)
   * @return [1, t, C, h, w]
   */
  public Tensor encode(Clip clip) {
    try (Tape scope = Tape.noGrad()) {
      Tensor unit = statistics.unit(vae.encode(clip.tensor(), Mode.EVAL).mean());
      return scope.keep(permute(unit, 0, 2, 1, 3, 4));
    }
  }

  /**
   * The same in tiles, for frames whose features do not fit into memory.
   *
   * @param tileDone is told how many tiles are done, of encoder and decoder together
   */
  public Clip reconstruct(Clip clip, Tiling tiling, IntConsumer tileDone) {
    int tiles = tiles(clip.height(), clip.width(), tiling);
    Tensor latents = new TiledVae(vae, tiling, tileDone).encode(clip.tensor()).mean();
    TiledVae decoder = new TiledVae(vae, tiling, n -> tileDone.accept(tiles + n));
    return like(clip, decoder.decode(latents));
  }

  /** What became of a clip. */
  private static Clip like(Clip clip, Tensor decoded) {
    Clip rebuilt = Clip.of(clip.source(), decoded);
    return clip.rate().isPresent() ? rebuilt.at(clip.rate().getAsDouble()) : rebuilt;
  }

  /** Tiles that frames of a size are encoded in, and as many that they are decoded in. */
  public int tiles(int height, int width, Tiling tiling) {
    int factor = vae.config().spaceFactor();
    return TiledVae.tiles(tiling, height / factor, width / factor);
  }

  /**
   * The clip of normalised latents [1, C, t, h, w].
   *
   * @param source what the clip is called
   * @param tiling in tiles, or null for whole frames
   */
  public Clip decode(String source, Tensor normalised, @Nullable Tiling tiling) {
    try (Tape scope = Tape.noGrad()) {
      Tensor z = statistics.latents(normalised);
      return vae.clip(
          source, tiling == null ? vae.decode(z, Mode.EVAL) : new TiledVae(vae, tiling).decode(z));
    }
  }
}
