/** Optical flow without learning: the TV-L1 energy, minimised from coarse to fine. */
package medsora.flow.variational;
