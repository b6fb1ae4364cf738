package engine.kernel;

import engine.tensor.Storage;

/**
 * What a norm reads.
 *
 * @param weight one element per column or channel; null where the norm allows it
 * @param bias the same
 */
public record NormInputs(Storage x, Storage weight, Storage bias) {}
