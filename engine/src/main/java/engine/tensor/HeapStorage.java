package engine.tensor;

import java.util.Arrays;

/** Elements in a Java {@code float[]} of exactly {@link #size()} elements. */
public final class HeapStorage extends Storage {
  private final int size;
  private final boolean pooled;
  private float[] data;
  private MemoryWatch watch;

  private HeapStorage(float[] data, boolean pooled) {
    this.data = data;
    this.size = data.length;
    this.pooled = pooled;
  }

  /** Memory from the pool, contents undefined; registered with the current {@link MemoryScope}. */
  public static HeapStorage allocate(int size) {
    HeapStorage storage = new HeapStorage(ArrayPool.SHARED.take(size), true);
    assert storage.poison();
    storage.watch = MemoryScope.register(storage);
    return storage;
  }

  /** Under {@code -ea}: a kernel that leaves an element unwritten shows as NaN. */
  private boolean poison() {
    Arrays.fill(data, Float.NaN);
    return true;
  }

  /** Wraps an array that the caller owns; it never enters the pool. */
  public static HeapStorage wrap(float[] data) {
    return new HeapStorage(data, false);
  }

  /** The array behind a storage that a CPU kernel was given. */
  public static float[] array(Storage storage) {
    if (storage instanceof HeapStorage heap) {
      return heap.data();
    }
    throw new IllegalArgumentException(
        "[storage] a CPU kernel was given " + storage.getClass().getSimpleName());
  }

  private float[] data() {
    float[] current = data;
    if (current == null) {
      throw new IllegalStateException(
          "[storage] use after release: keep the tensor with MemoryScope.keep before its scope"
              + " (or tape) closes");
    }
    return current;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void read(float[] target) {
    System.arraycopy(data(), 0, target, 0, size);
  }

  @Override
  public void write(float[] source) {
    System.arraycopy(source, 0, data(), 0, size);
  }

  @Override
  public void release() {
    if (data != null && pooled) {
      ArrayPool.SHARED.give(data);
    }
    if (watch != null && data != null) {
      watch.gave(this);
    }
    data = null;
  }

  @Override
  public boolean isReleased() {
    return data == null;
  }
}
