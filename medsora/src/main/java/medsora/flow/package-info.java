/**
 * Optical flow: how far each point of a picture moves to the next one, {@code [N,2,H,W]} in pixels,
 * from any {@link medsora.flow.FlowEstimator}; its files, colours (Eq. 13) and end-point error.
 */
@NullMarked
package medsora.flow;

import org.jspecify.annotations.NullMarked;
