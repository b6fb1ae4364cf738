package engine.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The float32 elements of a tensor, wherever they live: a heap array ({@link HeapStorage}) or a
 * buffer on a device. Several tensors may share one storage (reshape, detach). Contents are
 * undefined until a kernel has written them.
 */
public abstract class Storage {
  /** The scope that gives this memory back when it closes; null if nobody does. */
  private @Nullable MemoryScope owner;

  public abstract int size();

  /** Copies all elements into {@code target}, starting at 0. */
  public abstract void read(float[] target);

  /** Replaces all elements by {@code source[0..size)}. */
  public abstract void write(float[] source);

  /** Gives the memory back to its pool. Every later use throws. Idempotent. */
  public abstract void release();

  public abstract boolean isReleased();

  final @Nullable MemoryScope owner() {
    return owner;
  }

  final void setOwner(@Nullable MemoryScope scope) {
    this.owner = scope;
  }
}
