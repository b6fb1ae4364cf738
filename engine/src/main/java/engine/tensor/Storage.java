package engine.tensor;

/**
 * The float32 elements of a tensor, wherever they live: a heap array ({@link HeapStorage}) or a
 * buffer on a device. Several tensors may share one storage (reshape, detach). Contents are
 * undefined until a kernel has written them.
 */
public interface Storage {
  int size();

  /** Copies all elements into {@code target}, starting at 0. */
  void read(float[] target);

  /** Replaces all elements by {@code source[0..size)}. */
  void write(float[] source);

  /** Gives the memory back to its pool. Every later use throws. Idempotent. */
  void release();

  boolean isReleased();
}
