/** Alignment of the denoiser's features with those of optical flow (paper section 3.3). */
package medsora.align;
