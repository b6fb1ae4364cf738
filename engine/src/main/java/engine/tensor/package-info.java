/**
 * Tensors: a {@link engine.tensor.Shape} and float32 values in a {@link engine.tensor.Storage},
 * immutable to their users. {@link engine.tensor.MemoryScope} bounds how long memory lives and
 * returns it to a pool.
 */
package engine.tensor;
