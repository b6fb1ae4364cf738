/**
 * Features of pictures by DINO (Caron et al. 2021): the vision transformer, and how it is trained
 * without labels.
 */
@NullMarked
package medsora.dino;

import org.jspecify.annotations.NullMarked;
