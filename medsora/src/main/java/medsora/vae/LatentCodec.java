package medsora.vae;

import engine.tensor.Tensor;
import nn.Module;

/**
 * An autoencoder of clips as latent diffusion knows it: from clips to the posteriors of their
 * latents, and from latents to clips. Its weights are used as they are.
 */
public interface LatentCodec {
  /** The network itself: its weights, by the names under which they are stored. */
  Module module();

  /** The same without memory for its weights, to count on. */
  LatentCodec outline();

  /** By how much latents are lower and narrower than frames. */
  int spaceFactor();

  /**
   * The posterior of a clip's latents.
   *
   * @param clip [b, 3, T, H, W] in [-1, 1]
   */
  Moments encode(Tensor clip);

  /**
   * The clip of latents as they come from {@link #encode}.
   *
   * @param latents [b, C, t, h, w]
   * @return [b, 3, T, H, W]
   */
  Tensor decode(Tensor latents);
}
