package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * What a norm reads.
 *
 * @param weight one element per column or channel; null where the norm allows it
 * @param bias the same
 */
public record NormInputs(Storage x, @Nullable Storage weight, @Nullable Storage bias) {}
