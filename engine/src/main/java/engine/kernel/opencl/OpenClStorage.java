package engine.kernel.opencl;

import engine.tensor.MemoryScope;
import engine.tensor.MemoryWatch;
import engine.tensor.Storage;
import org.jocl.cl_mem;

/** Elements in a buffer on a device. */
final class OpenClStorage extends Storage {
  private final OpenClContext context;
  private final int size;
  private final OpenClMemory.Buffer buffer;
  private MemoryWatch watch;

  private OpenClStorage(OpenClContext context, int size) {
    this.context = context;
    this.size = size;
    this.buffer = context.memory().take(size, this);
  }

  /** Memory from the pool, contents undefined; registered with the current scope. */
  static OpenClStorage allocate(OpenClContext context, int size) {
    OpenClStorage storage = new OpenClStorage(context, size);
    storage.watch = MemoryScope.register(storage);
    return storage;
  }

  /** Working memory of a kernel, which no scope owns. */
  static OpenClStorage scratch(OpenClContext context, int size) {
    return new OpenClStorage(context, size);
  }

  cl_mem memory() {
    cl_mem memory = buffer.memory();
    if (memory == null) {
      context.checkOpen();
      throw new IllegalStateException(
          "[storage] use after release: keep the tensor with MemoryScope.keep before its scope"
              + " (or tape) closes");
    }
    return memory;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void read(float[] target) {
    context.download(memory(), target, size);
  }

  @Override
  public void write(float[] source) {
    context.upload(source, memory(), size);
  }

  @Override
  public void release() {
    if (!isReleased() && watch != null) {
      watch.gave(this);
    }
    buffer.release();
  }

  @Override
  public boolean isReleased() {
    return buffer.memory() == null;
  }
}
