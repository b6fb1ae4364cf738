/**
 * Noise schedules, the losses of DDPM with learned variances, respaced steps, and the samplers
 * DDPM, DDIM, DPM-Solver++ and UniPC.
 */
@NullMarked
package medsora.diffusion;

import org.jspecify.annotations.NullMarked;
