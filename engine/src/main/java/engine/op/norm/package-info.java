/**
 * Normalisations by batch, group, layer and root mean square, with the gates and sums that the
 * denoiser takes in the same pass.
 */
package engine.op.norm;
