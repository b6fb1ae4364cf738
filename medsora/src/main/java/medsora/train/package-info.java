/**
 * Training: the stages, their configuration, what they draw, and the run folder with its
 * checkpoints.
 */
package medsora.train;
