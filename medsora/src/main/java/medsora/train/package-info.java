/**
 * Training. An {@link medsora.train.Objective} draws samples and computes their losses; there is
 * one for the autoencoder, one for the denoiser and one for DINO. {@link medsora.train.Stage} makes
 * steps of them: gradients joined by a {@link medsora.train.Reducer}, clipping, optimiser, average
 * and validation. {@link medsora.train.Trainer} runs a stage inside a folder, with checkpoints, the
 * log and early stopping. What is written and read lies in {@code medsora.train.store}.
 */
@NullMarked
package medsora.train;

import org.jspecify.annotations.NullMarked;
