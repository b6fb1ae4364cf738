package engine.kernel;

import engine.tensor.Storage;

/**
 * Where the gradients of a norm go.
 *
 * @param x null where it is not wanted
 */
public record NormGradients(Storage x, Storage weight, Storage bias) {}
