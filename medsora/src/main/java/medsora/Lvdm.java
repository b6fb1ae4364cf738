package medsora;

import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import medsora.baseline.lvdm.LvdmDenoiser;
import medsora.baseline.lvdm.LvdmWeights;
import medsora.config.TrainConfig;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Stage;
import medsora.vae.ClipCodec;
import org.jspecify.annotations.Nullable;

/**
 * LVDM as published: a denoiser and its autoencoder out of one checkpoint.
 *
 * <pre>{@code
 * Lvdm model = Lvdm.load(Path.of("lvdm.ckpt"), Lvdm.RELEASED, false, null);
 * Clip clip = model.generator(new Generator.Settings(1000, new Sampler.Method.Ddpm()))
 *     .sample(42, 0, done -> {}); // 16 frames of 256x256
 * }</pre>
 *
 * @param denoiser for latents of the height and width that are drawn
 * @param codec its autoencoder
 */
public record Lvdm(LvdmDenoiser denoiser, ClipCodec codec) {
  /** Height and width of the latents as it was trained on endoscopies: frames of 128x128. */
  public static final int TRAINED = 16;

  /** Height and width of the latents as the released program draws them: frames of 256x256. */
  public static final int RELEASED = 32;

  /** Whether a file holds a denoiser of LVDM. */
  public static boolean isOne(Path path) throws IOException {
    if (!Files.isRegularFile(TensorSource.file(path))) {
      return false;
    }
    try (LvdmWeights weights = LvdmWeights.open(path)) {
      return weights.hasDenoiser();
    }
  }

  /**
   * Loads a checkpoint.
   *
   * @param latentSize {@link #TRAINED}, {@link #RELEASED} or another multiple of 8
   * @param averaged whether the moving average is taken where there is one; the released program
   *     does not
   * @param codec the autoencoder, or null for the one in the checkpoint
   * @throws IOException saying what the file lacks
   */
  public static Lvdm load(Path path, int latentSize, boolean averaged, @Nullable ClipCodec codec)
      throws IOException {
    try (LvdmWeights weights = LvdmWeights.open(path)) {
      ClipCodec joined = codec == null ? weights.autoencoder() : codec;
      return new Lvdm(weights.denoiser(latentSize, averaged), joined);
    }
  }

  /** For drawing clips. */
  public Generator generator(Generator.Settings settings) {
    return new Generator(denoiser, codec, settings);
  }

  /**
   * Training that begins from these weights and changes them in place.
   *
   * @param config whose {@code denoiser} is of these sizes
   */
  public Stage training(TrainConfig config, Clips clips) {
    return new Stage(
        new DenoiserObjective(config, clips, denoiser, codec.codec(), codec.statistics()));
  }
}
