/** Published generators of StyleGAN-V and MoStGAN-V: their files, and clips drawn from them. */
@NullMarked
package medsora.baseline.gan;

import org.jspecify.annotations.NullMarked;
