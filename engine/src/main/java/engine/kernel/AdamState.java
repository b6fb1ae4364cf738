package engine.kernel;

import engine.tensor.Storage;

/**
 * What a step of Adam works on, in place but for the gradient.
 *
 * @param p the parameter
 * @param m the first moment
 * @param v the second moment
 */
public record AdamState(Storage p, Storage gradient, Storage m, Storage v) {}
