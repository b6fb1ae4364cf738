/**
 * Files in and out: safetensors, checkpoints of PyTorch, and writing a file so that a kill leaves
 * the old one or the new. Nothing is null but what says {@code @Nullable}.
 */
@NullMarked
package engine.io;

import org.jspecify.annotations.NullMarked;
