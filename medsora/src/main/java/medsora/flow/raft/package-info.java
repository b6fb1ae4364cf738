/**
 * RAFT: optical flow from all-pairs correlation, refined step by step (Teed and Deng, RAFT:
 * Recurrent All-Pairs Field Transforms for Optical Flow, 2020), used frozen.
 */
@NullMarked
package medsora.flow.raft;

import org.jspecify.annotations.NullMarked;
