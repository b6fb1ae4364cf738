package engine.kernel;

/**
 * A tensor seen as [batch, channels, size], each channel normalised over batch and size; eps is
 * added to its variance. {@code ofBatch}: mean and variance are those of the tensor itself, so that
 * gradients run through them; else they are constants.
 */
public record BatchNormArgs(int batch, int channels, int size, float eps, boolean ofBatch) {}
