/**
 * Normalisations by batch, group, layer and root mean square, with the gates and sums that the
 * denoiser takes in the same pass.
 */
@NullMarked
package engine.op.norm;

import org.jspecify.annotations.NullMarked;
