/**
 * The denoiser of the paper: patches, local attention, spatial and temporal Mamba layers, gated
 * fusion, each after its equation (docs/tour.md).
 */
@NullMarked
package medsora.denoiser;

import org.jspecify.annotations.NullMarked;
