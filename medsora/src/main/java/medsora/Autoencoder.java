package medsora;

import static engine.op.elementwise.Elementwise.affine;

import engine.autodiff.Tape;
import engine.io.Printable;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import medsora.train.Checkpoint;
import medsora.train.ConfigText;
import medsora.train.InitialWeights;
import medsora.train.TrainConfig;
import medsora.train.VaeStage;
import medsora.vae.LatentStatistics;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;
import nn.optim.LearningRate;

/**
 * A trained autoencoder with the statistics of its latents.
 *
 * @param statistics how latents are brought to zero mean and unit variance
 * @param size side of the frames it was trained on; it works on other sizes too
 * @param training how it was trained
 */
public record Autoencoder(
    Vae vae, LatentStatistics statistics, int size, TrainConfig.VaeTraining training) {
  private static final int RELEASED_SIZE = 128;

  /** What the released training program does. */
  private static final TrainConfig.VaeTraining RELEASED =
      new TrainConfig.VaeTraining(
          TrainConfig.VaeTraining.Scope.COMPENSATION,
          24,
          1,
          LearningRate.constant(2e-7),
          0.5,
          0.9,
          0,
          0.01,
          0,
          0,
          0);

  /**
   * Loads a checkpoint.
   *
   * @param path a run folder, or the file in it
   * @param kind averaged or raw weights
   * @throws IOException saying what the file lacks
   */
  public static Autoencoder load(Path path, InitialWeights.Kind kind) throws IOException {
    Path file = inFolder(path, VaeStage.NAME);
    Checkpoint.Info info = info(file, VaeStage.NAME);
    VaeConfig config = part(file, info, VaeConfig.class);
    Vae vae = InitialWeights.loaded(file, () -> new Vae(config), kind);
    return new Autoencoder(
        vae,
        statistics(file, info.extra()),
        part(file, info, TrainConfig.Data.class).size(),
        part(file, info, TrainConfig.VaeTraining.class));
  }

  /** Loads plain weights under the names of the released checkpoints, with their statistics. */
  public static Autoencoder released(Path file, VaeConfig config) throws IOException {
    Vae vae = new Vae(config);
    InitialWeights.load(file, vae, InitialWeights.Kind.RAW);
    return new Autoencoder(vae, LatentStatistics.RELEASED, RELEASED_SIZE, RELEASED);
  }

  static Path inFolder(Path path, String stage) throws IOException {
    Path file = Files.isDirectory(path) ? path.resolve(stage + ".safetensors") : path;
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "[medsora] no checkpoint "
              + file
              + ": train one with ./run train --stage "
              + stage
              + " --out "
              + (Files.isDirectory(path) ? path : "DIR"));
    }
    return file;
  }

  static Checkpoint.Info info(Path file, String stage) throws IOException {
    Checkpoint.Info info = Checkpoint.info(file);
    if (!info.stage().equals(stage)) {
      throw new IOException(
          "[medsora] " + file + " holds a " + info.stage() + ", wanted is a " + stage);
    }
    return info;
  }

  /** A part of the configuration that a checkpoint was made under. */
  static <T extends Record> T part(Path file, Checkpoint.Info info, Class<T> type)
      throws IOException {
    try {
      return ConfigText.find(type, info.config());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "[medsora] " + file + ": its configuration does not say a " + type.getSimpleName(), e);
    }
  }

  private static LatentStatistics statistics(Path file, Map<String, String> extra)
      throws IOException {
    String shift = extra.get("latent_shift");
    String scale = extra.get("latent_scale");
    if (shift == null || scale == null) {
      throw new IOException(
          "[medsora] " + file + " was saved before its training ended: continue that run first");
    }
    try {
      return new LatentStatistics(Float.parseFloat(shift), Float.parseFloat(scale));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "[medsora] "
              + file
              + ": its latents' shift '"
              + Printable.brief(shift)
              + "' and scale '"
              + Printable.brief(scale)
              + "' are not numbers to work with; restore the file from a copy",
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
      return Clip.of(vae.decode(latents, Mode.EVAL));
    }
  }

  /** The clip of normalised latents [1, C, t, h, w]. */
  Clip decode(Tensor normalised) {
    try (Tape scope = Tape.noGrad()) {
      float stretch = 1 / statistics.scale();
      Tensor z = affine(normalised, stretch, statistics.shift());
      return Clip.of(vae.decode(z, Mode.EVAL));
    }
  }
}
