package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/**
 * Where the gradients of a gated RMS norm go.
 *
 * @param z null where there is no gate
 * @param weightTerms [rows or tokens, width]: what the weight's gradient sums over the first axis
 */
public record RmsNormGradients(Storage x, @Nullable Storage z, Storage weightTerms) {}
