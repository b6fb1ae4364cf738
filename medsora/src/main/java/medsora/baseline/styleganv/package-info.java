/**
 * StyleGAN-V (Skorokhodov et al. 2022): the generator. One content code w makes all frames of a
 * clip, each by itself; the time of a frame enters as further channels of the constant 4x4 picture
 * that every frame begins with. Names of parameters are those of the published state dicts.
 * Sampling only: its training differentiates a gradient.
 */
@NullMarked
package medsora.baseline.styleganv;

import org.jspecify.annotations.NullMarked;
