/**
 * The three-dimensional causal autoencoder of CogVideoX with the paper's frequency compensation; in
 * chunks of frames and in overlapping tiles for what does not fit at once.
 */
@NullMarked
package medsora.vae;

import org.jspecify.annotations.NullMarked;
