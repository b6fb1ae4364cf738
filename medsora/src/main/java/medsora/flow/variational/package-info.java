/** Optical flow without learning: the TV-L1 energy, minimised from coarse to fine. */
@NullMarked
package medsora.flow.variational;

import org.jspecify.annotations.NullMarked;
