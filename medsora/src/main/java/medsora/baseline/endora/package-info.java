/**
 * Endora (Li et al., 2024), the diffusion transformer that the paper compares with: blocks over the
 * places of a frame and over the frames of a video in turn, and a prior from the features of DINO.
 * Names and order of its state dict are those of the released code. docs/baselines.md has its page.
 */
@NullMarked
package medsora.baseline.endora;

import org.jspecify.annotations.NullMarked;
