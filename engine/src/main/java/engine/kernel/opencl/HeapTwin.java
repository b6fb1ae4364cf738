package engine.kernel.opencl;

import engine.tensor.HeapStorage;
import org.jocl.cl_mem;

/**
 * The copy of an array of the heap on a device. Whoever writes makes the other side stale, and it
 * is copied when it is asked for: constants go to the device once, and weights that an optimiser
 * changes there come back when somebody reads them.
 */
final class HeapTwin implements HeapStorage.Twin {
  private final OpenClContext context;
  private final OpenClContext.Buffer buffer;
  private final int size;
  private boolean deviceIsStale = true;
  private boolean hostIsStale;

  private HeapTwin(OpenClContext context, int size) {
    this.context = context;
    this.size = size;
    this.buffer = context.take(size, this);
  }

  /** That of a storage on a device, made where there is none. */
  static HeapTwin of(HeapStorage heap, OpenClContext context) {
    synchronized (context) {
      if (heap.twin() instanceof HeapTwin twin && twin.context == context) {
        return twin;
      }
      HeapTwin twin = new HeapTwin(context, heap.size());
      heap.twin(twin);
      return twin;
    }
  }

  /** For a kernel that reads. */
  synchronized cl_mem read(HeapStorage heap) {
    if (deviceIsStale) {
      if (size == 1) {
        // One number travels with the call that writes it, and nobody waits.
        context.run("elementwise", "fill", 1, heap.raw()[0], buffer.memory());
      } else {
        context.upload(heap.raw(), buffer.memory(), size);
      }
      deviceIsStale = false;
    }
    return buffer.memory();
  }

  /** For a kernel that writes, all or in part. */
  synchronized cl_mem write(HeapStorage heap) {
    cl_mem memory = read(heap);
    hostIsStale = true;
    return memory;
  }

  @Override
  public synchronized void beforeHostReads(float[] array) {
    if (hostIsStale) {
      context.download(buffer.memory(), array, size);
      hostIsStale = false;
    }
  }

  @Override
  public synchronized void hostWrites() {
    hostIsStale = false;
    deviceIsStale = true;
  }

  @Override
  public void release() {
    buffer.release();
  }
}
