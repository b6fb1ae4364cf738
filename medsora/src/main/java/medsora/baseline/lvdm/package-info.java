/**
 * LVDM, the latent video diffusion model of He et al. (2022) in its short unconditional form, as a
 * baseline: the denoiser, a U-Net of 1x3x3 convolutions with attention over space and over time,
 * and its video autoencoder, both under the names of the released code.
 */
@NullMarked
package medsora.baseline.lvdm;

import org.jspecify.annotations.NullMarked;
