/** Optical flow. */
package medsora.flow;
