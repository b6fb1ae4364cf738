package engine.kernel.opencl;

import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import org.jocl.cl_mem;

/** Kernels of one .cl file, and what they are called with: storages as buffers, scratch memory. */
abstract class OpenClFamily {
  private final OpenClContext context;
  private final String file;

  OpenClFamily(OpenClContext context, String file) {
    this.context = context;
    this.file = file;
  }

  OpenClContext context() {
    return context;
  }

  /** Runs a kernel whose work-items need nothing of each other ({@link OpenClContext#run}). */
  void run(String name, int items, Object... arguments) {
    context.run(file, name, items, arguments);
  }

  /** Runs a kernel of rows, each for one work-item or for a lane's worth of them (sums.cl). */
  void runRows(String name, int rows, Object... arguments) {
    context.runRows(file, name, rows, arguments);
  }

  /** For a kernel that reads; any buffer where there is none. */
  cl_mem in(Storage storage) {
    return switch (storage) {
      case null -> nothing();
      case OpenClStorage own -> own.memory();
      case HeapStorage heap -> context.copies().read(heap);
      default -> throw new IllegalArgumentException("[opencl] cannot read " + storage);
    };
  }

  /** For a kernel that writes. */
  cl_mem out(Storage storage) {
    return storage instanceof HeapStorage heap ? context.copies().write(heap) : in(storage);
  }

  /** Stands where an argument is absent. */
  cl_mem nothing() {
    return context.nothing();
  }

  /** How a kernel learns whether an argument is there. */
  static int flag(Object given) {
    return given == null ? 0 : 1;
  }

  /** Memory for the time of a call, contents undefined. */
  OpenClStorage scratch(int size) {
    return OpenClStorage.scratch(context, size);
  }

  cl_mem constant(int[] table) {
    return context.constant(table);
  }

  cl_mem constant(float[] table) {
    return context.constant(table);
  }
}
