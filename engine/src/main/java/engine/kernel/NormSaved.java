package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * What the gradient of a norm reads beside that of its output.
 *
 * @param weight null where the norm had none
 * @param spread 1 / sqrt(variance + eps); of batch norm the variance itself
 */
public record NormSaved(Storage x, @Nullable Storage weight, Storage mean, Storage spread) {}
