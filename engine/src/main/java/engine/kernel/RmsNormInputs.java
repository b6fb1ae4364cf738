package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * What a gated RMS norm reads.
 *
 * @param z the gate; null where the norm allows it and there is none
 */
public record RmsNormInputs(Storage x, @Nullable Storage z, Storage weight) {}
