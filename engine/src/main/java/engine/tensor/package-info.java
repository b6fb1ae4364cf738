/**
 * Data: {@link engine.tensor.Shape}, {@link engine.tensor.Tensor} and the {@link
 * engine.tensor.Storage} below it. {@link engine.tensor.HeapStorage} is an array whose memory comes
 * from the {@link engine.tensor.ArrayPool} of an engine and goes back to that one, by hand or with
 * its {@link engine.tensor.MemoryScope}; devices may keep copies of it ({@link
 * engine.tensor.DeviceCopy}).
 */
@NullMarked
package engine.tensor;

import org.jspecify.annotations.NullMarked;
