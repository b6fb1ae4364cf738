/**
 * The image autoencoder of latent diffusion (Rombach et al., 2022): kl-f8, which diffusers call
 * AutoencoderKL. Endora sends each frame through it.
 */
@NullMarked
package medsora.baseline.sdvae;

import org.jspecify.annotations.NullMarked;
