/**
 * Gradients by a tape. An {@link engine.autodiff.Op} has a shape rule, a forward pass and a
 * gradient; {@link engine.autodiff.Tape} runs it on the kernels of the current backend, notes it
 * where a gradient may be asked for, and walks the notes backward. The order of every sum of
 * gradients is fixed, so equal programs give equal bits.
 */
@NullMarked
package engine.autodiff;

import org.jspecify.annotations.NullMarked;
