/**
 * MoStGAN-V (Shen et al. 2023): StyleGAN-V whose later layers listen to words. The codes of a frame
 * make a few words, a small network turns each into a pattern over the weights of a layer, every
 * output channel attends to the patterns, and what it hears changes how the channel is scaled.
 */
@NullMarked
package medsora.baseline.mostganv;

import org.jspecify.annotations.NullMarked;
