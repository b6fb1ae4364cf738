package engine.kernel;

import engine.tensor.Storage;

/**
 * What a gated RMS norm reads.
 *
 * @param z the gate; null where the norm allows it and there is none
 */
public record RmsNormInputs(Storage x, Storage z, Storage weight) {}
