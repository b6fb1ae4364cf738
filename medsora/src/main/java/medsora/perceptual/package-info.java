/** How alike two pictures look: LPIPS, Zhang et al. 2018. */
@NullMarked
package medsora.perceptual;

import org.jspecify.annotations.NullMarked;
