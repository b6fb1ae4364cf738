/** Alignment of the denoiser's features with those of optical flow (paper section 3.3). */
@NullMarked
package medsora.align;

import org.jspecify.annotations.NullMarked;
