package medsora.diffusion;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import nn.Mode;
import nn.Module;

/**
 * The network of a latent video diffusion: it sees noised latents and the step of each sample, and
 * predicts the noise in them (eps_theta(x_t, t)), on request its variance too. Training, sampling
 * and alignment know a network by this alone.
 */
public interface NoisePredictor {
  /** The name of the outputs of whole blocks among the {@link Output#hidden} activations. */
  String BLOCKS = "blocks";

  /** The name of the blocks' states after their spatial part. */
  String SPATIAL = "spatial";

  /** What a sample without a label has in its place. */
  int NO_LABEL = -1;

  /**
   * What one sample looks like.
   *
   * @param frames latent frames F, those of the images included
   * @param videoFrames how many of them, the first ones, are the video
   * @param channels C of a latent frame
   * @param height H of a latent frame
   * @param width W of a latent frame
   */
  record Latents(int frames, int videoFrames, int channels, int height, int width) {
    /** [b, F, C, H, W]. */
    public Shape of(int batch) {
      return Shape.of(batch, frames, channels, height, width);
    }
  }

  /**
   * The sizes of the hidden activations, which are alike for all of their names.
   *
   * @param blocks how many activations a name has
   * @param videoFrames latent frames of the video, which come first
   * @param tokens of each latent frame, l
   * @param width of a token, D
   */
  record Hidden(int blocks, int videoFrames, int tokens, int width) {}

  /** What a forward pass gives. */
  interface Output {
    /** [b, F, C, H, W]: the noise; [b, F, 2C, H, W] where its variance is learned, too. */
    Tensor prediction();

    /**
     * Activations [b, F*l, D], one for each block in their order, for an alignment.
     *
     * @param name {@link #BLOCKS}, {@link #SPATIAL}, or another one that the network has
     * @return empty where the network has none of that name
     */
    List<Tensor> hidden(String name);
  }

  /** The network itself: its weights, by the names under which they are stored. */
  Module module();

  Latents latents();

  /**
   * What a sample looks like where only its video is wanted: that of {@link #latents}, or its first
   * frames where the network can do without those of images.
   */
  default Latents drawn() {
    return latents();
  }

  Hidden hidden();

  /** How it is trained, and the noise that it is sampled from. */
  default Practice practice() {
    return Practice.PAPER;
  }

  /**
   * A forward pass.
   *
   * @param x latents [b, F, C, H, W]
   * @param t diffusion step of each sample on the original scale 0..999
   */
  Output forward(Tensor x, float[] t, Mode mode);

  /**
   * The predictions of {@link #forward} in evaluation, bit by bit, for steps that are known
   * beforehand: what depends on the step alone is computed once. Belongs to the weights as they are
   * now.
   *
   * @param steps all that samples will be at, on the original scale 0..999
   */
  Sampler.Network prepared(float... steps);

  /** How many labels it can be conditioned on, 0 for none. */
  default int labels() {
    return 0;
  }

  /**
   * The same network where every sample has a label: its weights are shared, not copied.
   *
   * @param label 0 to {@link #labels} - 1, or {@link #NO_LABEL}
   */
  default NoisePredictor under(int label) {
    if (label != NO_LABEL) {
      throw new IllegalArgumentException(
          "[denoiser] label " + label + " is asked for, and the network knows no labels");
    }
    return this;
  }

  /**
   * The same network where {@link #prepared} gives predictions that guidance has led; {@link
   * #forward} stays as it is. The weights are shared.
   *
   * @throws IllegalArgumentException where the network cannot leave out what is to be left out
   */
  default NoisePredictor led(SkipGuidance skip) {
    throw new IllegalArgumentException(
        "[denoiser] recipe.skipWeight is %s, and skip guidance is written for MedSora's denoiser alone"
            .formatted(skip.weight()));
  }

  /** Whether training saves memory by running parts again in backward; no bit changes. */
  void setRecompute(boolean on);
}
