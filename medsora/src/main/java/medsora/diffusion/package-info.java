/**
 * Noise schedules, the losses of DDPM with learned variances, respaced steps, and the samplers DDPM
 * and DDIM.
 */
@NullMarked
package medsora.diffusion;

import org.jspecify.annotations.NullMarked;
