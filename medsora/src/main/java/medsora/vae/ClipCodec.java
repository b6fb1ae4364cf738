package medsora.vae;

import engine.tensor.Tensor;
import medsora.media.Clip;
import org.jspecify.annotations.Nullable;

/**
 * An autoencoder with the statistics of its latents: what a denoiser is trained on and drawn by.
 */
public interface ClipCodec {
  /** The network. */
  LatentCodec codec();

  /** How latents are brought to zero mean and unit variance. */
  LatentStatistics statistics();

  /**
   * The clip of normalised latents [1, C, t, h, w].
   *
   * @param source what the clip is called
   * @param tiling in tiles, or null for whole frames
   * @throws IllegalArgumentException where it does not decode in tiles
   */
  Clip decode(String source, Tensor normalised, @Nullable Tiling tiling);
}
