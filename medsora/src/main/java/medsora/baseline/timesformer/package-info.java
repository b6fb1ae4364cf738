/**
 * The classifier of the downstream task: TimeSformer (Bertasius et al. 2021) with divided attention
 * in time and space.
 */
@NullMarked
package medsora.baseline.timesformer;

import org.jspecify.annotations.NullMarked;
