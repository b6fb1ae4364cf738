package engine.kernel.opencl;

import engine.tensor.DeviceCopy;
import engine.tensor.HeapStorage;
import java.util.Map;
import java.util.WeakHashMap;
import org.jocl.cl_mem;

/**
 * The heap arrays of which one device has copies. Constants go to the device once, weights that an
 * optimiser changes there come back when somebody reads them, and a copy goes with its array.
 */
final class OpenClCopies {
  private final OpenClContext context;

  /** By identity, which is how storages are equal. */
  private final Map<HeapStorage, Copy> all = new WeakHashMap<>();

  OpenClCopies(OpenClContext context) {
    this.context = context;
  }

  /** For a kernel that reads. */
  cl_mem read(HeapStorage heap) {
    Copy copy = of(heap);
    heap.deviceReads(copy);
    return copy.buffer.memory();
  }

  /** For a kernel that writes, all or in part. */
  cl_mem write(HeapStorage heap) {
    Copy copy = of(heap);
    heap.deviceWrites(copy);
    return copy.buffer.memory();
  }

  private synchronized Copy of(HeapStorage heap) {
    return all.computeIfAbsent(heap, h -> new Copy(context, h));
  }

  /** Gives all copies up; contents that are nowhere else come home. */
  void close() {
    Map<HeapStorage, Copy> left;
    synchronized (this) {
      left = Map.copyOf(all);
      all.clear();
    }
    leave(left);
  }

  /** Gives up each copy, also after one that fails; then throws the first failure. */
  static void leave(Map<HeapStorage, ? extends DeviceCopy> left) {
    RuntimeException failure = null;
    for (Map.Entry<HeapStorage, ? extends DeviceCopy> each : left.entrySet()) {
      try {
        each.getKey().leave(each.getValue());
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else if (e != failure) {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static final class Copy extends DeviceCopy {
    private final OpenClContext context;
    private final OpenClMemory.Buffer buffer;
    private final int size;

    /** Its memory goes when the storage is gone, too; so it must not hold it. */
    Copy(OpenClContext context, HeapStorage heap) {
      this.context = context;
      this.size = heap.size();
      this.buffer = context.memory().take(size, heap);
    }

    @Override
    protected void upload(float[] array) {
      if (size == 1) {
        // One number travels with the call that writes it, and nobody waits.
        context.run("elementwise", "fill", 1, array[0], buffer.memory());
      } else {
        context.upload(array, buffer.memory(), size);
      }
    }

    @Override
    protected void download(float[] array) {
      context.download(buffer.memory(), array, size);
    }

    @Override
    protected void release() {
      buffer.release();
    }
  }
}
