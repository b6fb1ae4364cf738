package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Where the gradients of a norm go.
 *
 * @param x null where it is not wanted
 */
public record NormGradients(@Nullable Storage x, Storage weight, Storage bias) {}
