package engine.tensor;

import java.util.Arrays;

/** Elements in a Java {@code float[]} of exactly {@link #size()} elements. */
public final class HeapStorage extends Storage {
  private final int size;
  private final boolean pooled;
  private float[] data;
  private MemoryWatch watch;
  private Twin twin;

  private HeapStorage(float[] data, boolean pooled) {
    this.data = data;
    this.size = data.length;
    this.pooled = pooled;
  }

  /** A copy of the array somewhere else, which may be newer. */
  public interface Twin {
    /** Brings the array up to date. */
    void beforeHostReads(float[] array);

    /** The array is, or will be, the newer one. */
    void hostWrites();

    /** The array is given up. */
    void release();
  }

  /** The copy elsewhere, or null. */
  public Twin twin() {
    return twin;
  }

  /** Takes on a copy elsewhere. */
  public void twin(Twin other) {
    data();
    twin = other;
  }

  /** The array as it is, for its {@link Twin}. */
  public float[] raw() {
    return held();
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
      float[] array = heap.data();
      if (heap.twin != null) {
        heap.twin.hostWrites();
      }
      return array;
    }
    throw new IllegalArgumentException(
        "[storage] a CPU kernel was given " + storage.getClass().getSimpleName());
  }

  /** The array, up to date. */
  private float[] data() {
    float[] current = held();
    if (twin != null) {
      twin.beforeHostReads(current);
    }
    return current;
  }

  private float[] held() {
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
    System.arraycopy(source, 0, held(), 0, size);
    if (twin != null) {
      twin.hostWrites();
    }
  }

  @Override
  public void release() {
    if (twin != null) {
      twin.release();
      twin = null;
    }
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
