package engine.tensor;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Elements in a Java {@code float[]} of exactly {@link #size()} elements. Devices may keep copies
 * of it ({@link DeviceCopy}), several at once; whoever asks for elements gets the newest.
 */
public final class HeapStorage extends Storage {
  private final int size;

  /** Where the array goes back to; null where the caller owns it. */
  private final @Nullable ArrayPool pool;

  private float @Nullable [] data;
  private @Nullable MemoryWatch watch;

  /** Null until a device takes a copy. */
  private volatile @Nullable Copies copies;

  /** Null unless {@link #keepForms} was called. */
  private volatile @Nullable KeptForms forms;

  private HeapStorage(float[] data, @Nullable ArrayPool pool) {
    this.data = data;
    this.size = data.length;
    this.pool = pool;
  }

  /** Memory from {@link ArrayPool#current}, contents undefined. */
  public static HeapStorage allocate(int size) {
    return allocate(ArrayPool.current(), size);
  }

  /**
   * Memory from a pool, contents undefined; registered with the current {@link MemoryScope}, and
   * given back to this very pool.
   */
  public static HeapStorage allocate(ArrayPool pool, int size) {
    HeapStorage storage = new HeapStorage(pool.take(size), pool);
    assert storage.poison();
    storage.watch = MemoryScope.register(storage);
    return storage;
  }

  /** Under {@code -ea}: a kernel that leaves an element unwritten shows as NaN. */
  private boolean poison() {
    Arrays.fill(held(), Float.NaN);
    return true;
  }

  /** Wraps an array that the caller owns; it never enters the pool. */
  public static HeapStorage wrap(float[] data) {
    return new HeapStorage(data, null);
  }

  /** The array behind a storage, to be read and written: copies on devices become stale. */
  public static float[] array(Storage storage) {
    HeapStorage heap = heap(storage);
    float[] array = heap.upToDate();
    heap.dropForms();
    Copies elsewhere = heap.copies;
    if (elsewhere != null) {
      elsewhere.hostWrites();
    }
    return array;
  }

  /** The array behind a storage, to be read alone: copies on devices stay good. */
  public static float[] readOnly(Storage storage) {
    return heap(storage).upToDate();
  }

  private static HeapStorage heap(Storage storage) {
    if (storage instanceof HeapStorage heap) {
      return heap;
    }
    throw new IllegalArgumentException(
        "[storage] a CPU kernel was given "
            + storage.getClass().getSimpleName()
            + ": compute it under the engine that made it, or bring it to the heap with toArray()");
  }

  private float[] upToDate() {
    float[] current = held();
    Copies elsewhere = copies;
    if (elsewhere != null) {
      elsewhere.hostReads();
    }
    return current;
  }

  /**
   * Allows kernels to keep, beside the elements, the forms in which they read them, until an
   * element is written: for weights that many calls share. Costs the memory of those forms.
   */
  void keepForms() {
    if (forms == null) {
      forms = new KeptForms();
    }
  }

  private void dropForms() {
    KeptForms kept = forms;
    if (kept != null) {
      kept.drop();
    }
  }

  /** Whether {@link #form} keeps what it makes. */
  public static boolean keepsForms(Storage storage) {
    return storage instanceof HeapStorage heap && heap.forms != null;
  }

  /**
   * The elements in a form that a kernel reads, kept where that is allowed.
   *
   * @param key says all that the form depends on besides the elements
   * @param make the form, of the elements as they are
   */
  public static float[] form(Storage storage, Object key, Supplier<float[]> make) {
    KeptForms kept = heap(storage).forms;
    return kept == null ? make.get() : kept.get(key, make);
  }

  /** Brings a device's copy up to date, for a kernel that reads it. */
  public void deviceReads(DeviceCopy copy) {
    copies().deviceReads(copy);
  }

  /** The same for a kernel that writes it, all or in part: it alone is up to date from here on. */
  public void deviceWrites(DeviceCopy copy) {
    dropForms();
    copies().deviceWrites(copy);
  }

  /** A device gives its copy up; what only it has comes home first. */
  public void leave(DeviceCopy copy) {
    Copies elsewhere = copies;
    if (elsewhere != null) {
      elsewhere.leave(copy);
    }
  }

  private Copies copies() {
    float[] array = held();
    Copies known = copies;
    if (known == null) {
      synchronized (this) {
        known = copies;
        if (known == null) {
          known = new Copies(array);
          copies = known;
        }
      }
    }
    return known;
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
    System.arraycopy(upToDate(), 0, target, 0, size);
  }

  @Override
  public void write(float[] source) {
    System.arraycopy(source, 0, held(), 0, size);
    dropForms();
    Copies elsewhere = copies;
    if (elsewhere != null) {
      elsewhere.hostWrites();
    }
  }

  @Override
  public void release() {
    Copies elsewhere = copies;
    if (elsewhere != null) {
      elsewhere.release();
      copies = null;
    }
    dropForms();
    if (data != null && pool != null) {
      pool.give(data);
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
