package tools.systems;

import tools.evaluate.Evaluated;

/**
 * What became of a system.
 *
 * @param denoiser parameters of it
 * @param vae parameters of its autoencoder
 * @param found what was measured of its clips
 */
public record Entry(Entrant entrant, long denoiser, long vae, Evaluated found) {}
