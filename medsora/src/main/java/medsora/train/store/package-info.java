/**
 * What a run leaves in its folder: checkpoints and what they say of their configuration, exports,
 * the log of steps, results of frozen networks; and where weights are read from.
 */
@NullMarked
package medsora.train.store;

import org.jspecify.annotations.NullMarked;
