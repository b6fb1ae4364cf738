package engine.kernel.opencl;

import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/**
 * One device at work: its memory, its programs and one queue that keeps the order of calls, so that
 * nothing waits for anything but the reading of results. Callers take turns.
 */
final class OpenClContext {
  private static final Cleaner CLEANER = Cleaner.create();

  /** Of the device's memory, how much idle buffers may hold. */
  private static final int IDLE_SHARE = 4;

  /** Calls after which the device is told to begin, where nobody waits for a result. */
  private static final int FLUSH = 64;

  static final int GROUP = 64;

  /** What tables may hold of the device, and how many stay whatever they hold. */
  private static final long CONSTANT_BYTES = 64L << 20;

  private static final int KEPT_CONSTANTS = 16;

  private final OpenClDevice device;
  private final cl_context context;
  private final cl_command_queue queue;
  private final OpenClPrograms programs;
  private final cl_mem nothing;
  private final Map<String, cl_kernel> kernels = new HashMap<>();
  private final Map<Integer, Deque<cl_mem>> idle = new HashMap<>();
  private final Map<Table, Constant> constants = new LinkedHashMap<>(64, 0.75f, true);
  private long constantBytes;
  private long idleBytes;
  private long heldBytes;
  private long calls;

  private Transfers transfers = new Transfers(0, 0, 0, 0);

  OpenClContext(OpenClDevice device, OpenClPrograms.Recipe recipe) {
    this.device = device;
    CL.setExceptionsEnabled(true);
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.handle().platform());
    this.context =
        CL.clCreateContext(
            properties,
            1,
            new org.jocl.cl_device_id[] {device.handle().device()},
            null,
            null,
            null);
    this.queue = newQueue();
    this.programs = new OpenClPrograms(device, context, recipe);
    this.nothing = memory(1);
  }

  /** In order. The newer call does not exist before OpenCL 2.0. */
  @SuppressWarnings("deprecation")
  private cl_command_queue newQueue() {
    return CL.clCreateCommandQueue(context, device.handle().device(), 0, null);
  }

  OpenClDevice device() {
    return device;
  }

  // ---- memory

  /** One float of no meaning, for arguments that are absent. */
  cl_mem nothing() {
    return nothing;
  }

  /** A buffer that goes back to the pool once, when it is given back or its owner is gone. */
  static final class Buffer {
    private final OpenClContext context;
    private final int size;
    private cl_mem memory;
    private Cleaner.Cleanable cleanable;

    private Buffer(OpenClContext context, int size, cl_mem memory) {
      this.context = context;
      this.size = size;
      this.memory = memory;
    }

    synchronized cl_mem memory() {
      return memory;
    }

    /** Gives it back now. */
    void release() {
      cleanable.clean();
    }

    private void giveBack() {
      cl_mem given;
      synchronized (this) {
        given = memory;
        memory = null;
      }
      if (given != null) {
        context.give(given, size);
      }
    }
  }

  /** A buffer of floats. */
  Buffer take(int size, Object owner) {
    Buffer buffer = new Buffer(this, size, memory(size));
    buffer.cleanable = CLEANER.register(owner, buffer::giveBack);
    return buffer;
  }

  private synchronized cl_mem memory(int size) {
    Deque<cl_mem> same = idle.get(size);
    if (same != null && !same.isEmpty()) {
      idleBytes -= bytes(size);
      return same.pop();
    }
    try {
      return create(size);
    } catch (CLException first) {
      releaseIdle();
      try {
        return create(size);
      } catch (CLException e) {
        throw new OpenClException(
            "%s has no room for %,d bytes beside the %,d held; it has %,d in all and %,d for one buffer (%s)"
                .formatted(
                    device.name(),
                    bytes(size),
                    heldBytes,
                    device.memory(),
                    device.largest(),
                    e.getMessage()),
            e);
      }
    }
  }

  private cl_mem create(int size) {
    cl_mem made = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes(size), null, null);
    heldBytes += bytes(size);
    return made;
  }

  private static long bytes(int size) {
    return Math.max(1L, size) * Sizeof.cl_float;
  }

  private synchronized void give(cl_mem memory, int size) {
    idle.computeIfAbsent(size, s -> new ArrayDeque<>()).push(memory);
    idleBytes += bytes(size);
    if (idleBytes > device.memory() / IDLE_SHARE) {
      releaseIdle();
    }
  }

  private void releaseIdle() {
    idle.forEach((size, all) -> {
      all.forEach(CL::clReleaseMemObject);
      heldBytes -= all.size() * bytes(size);
    });
    idle.clear();
    idleBytes = 0;
  }

  synchronized Transfers transfers() {
    return transfers;
  }

  int builds() {
    return programs.builds();
  }

  void upload(float[] source, cl_mem target, int size) {
    upload(Pointer.to(source), target, size);
  }

  private synchronized void upload(Pointer source, cl_mem target, int size) {
    if (size > 0) {
      Transfers t = transfers;
      transfers =
          new Transfers(t.uploads() + 1, t.uploaded() + bytes(size), t.downloads(), t.downloaded());
      CL.clEnqueueWriteBuffer(queue, target, true, 0, bytes(size), source, 0, null, null);
    }
  }

  synchronized void download(cl_mem source, float[] target, int size) {
    if (size > 0) {
      Transfers t = transfers;
      transfers =
          new Transfers(t.uploads(), t.uploaded(), t.downloads() + 1, t.downloaded() + bytes(size));
      try {
        CL.clEnqueueReadBuffer(
            queue, source, true, 0, bytes(size), Pointer.to(target), 0, null, null);
      } catch (CLException e) {
        throw new OpenClException(
            "reading %,d bytes from %s (driver %s): %s; what was asked of it before may have failed"
                .formatted(bytes(size), device.name(), device.driver(), e.getMessage()),
            e);
      }
    }
  }

  synchronized void copy(cl_mem from, cl_mem to, int size) {
    if (size > 0) {
      CL.clEnqueueCopyBuffer(queue, from, to, 0, 0, bytes(size), 0, null, null);
    }
  }

  /** Ops make the same small tables at every call; what they hold says which one it is. */
  private record Table(Object values, int hash) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Table t && hash == t.hash && same(values, t.values);
    }

    private static boolean same(Object one, Object two) {
      return one instanceof int[] i
          ? two instanceof int[] j && Arrays.equals(i, j)
          : two instanceof float[] g && one instanceof float[] f && Arrays.equals(f, g);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private record Constant(cl_mem memory, int size) {}

  /** A table of indices, on the device already where an equal one was used lately. */
  synchronized cl_mem constant(int[] table) {
    return constant(new Table(table, Arrays.hashCode(table)), Pointer.to(table), table.length);
  }

  /** A table of factors, on the device already where an equal one was used lately. */
  synchronized cl_mem constant(float[] table) {
    return constant(new Table(table, Arrays.hashCode(table)), Pointer.to(table), table.length);
  }

  private cl_mem constant(Table key, Pointer values, int size) {
    Constant known = constants.get(key);
    if (known != null) {
      return known.memory;
    }
    cl_mem memory = memory(size);
    upload(values, memory, size);
    constants.put(key, new Constant(memory, size));
    constantBytes += bytes(size);
    forgetConstants();
    return memory;
  }

  /** The least used go first; the newest are arguments of the call in the making. */
  private void forgetConstants() {
    Iterator<Constant> oldest = constants.values().iterator();
    while (constantBytes > CONSTANT_BYTES && constants.size() > KEPT_CONSTANTS) {
      Constant gone = oldest.next();
      oldest.remove();
      constantBytes -= bytes(gone.size);
      give(gone.memory, gone.size);
    }
  }

  synchronized void finish() {
    CL.clFinish(queue);
  }

  /** For one that is given up before the process ends. */
  synchronized void close() {
    CL.clFinish(queue);
    constants.values().forEach(c -> give(c.memory, c.size));
    constants.clear();
    give(nothing, 1);
    releaseIdle();
    kernels.values().forEach(CL::clReleaseKernel);
    kernels.clear();
    programs.close();
    CL.clReleaseCommandQueue(queue);
    CL.clReleaseContext(context);
  }

  // ---- work

  /**
   * Runs a kernel whose work-items need nothing of each other.
   *
   * @param file of the kernel, without its ending
   * @param items work-items that have something to do; the kernel's first argument
   * @param arguments Integer, Float, cl_mem, or int[] of 4 or 8 for a vector
   */
  void run(String file, String name, int items, Object... arguments) {
    int group = (int) Math.min(GROUP, device.workGroup());
    start(file, name, Math.ceilDiv(items, group), group, items, arguments);
  }

  /**
   * Runs a kernel that is written for groups of a size.
   *
   * @param count the kernel's first argument
   */
  void runGroups(String file, String name, int groups, int size, int count, Object... arguments) {
    start(file, name, groups, size, count, arguments);
  }

  /**
   * Runs a kernel whose work-items, one or several, share a row.
   *
   * @param rows the kernel's first argument
   */
  void runRows(String file, String name, int rows, Object... arguments) {
    int lanes = programs.rowLanes();
    int group = (int) Math.min(GROUP, device.workGroup()) / lanes * lanes;
    int groups = Math.toIntExact(Math.ceilDiv((long) rows * lanes, group));
    start(file, name, groups, group, rows, arguments);
  }

  private synchronized void start(
      String file, String name, int groups, int size, int count, Object... arguments) {
    if (groups == 0) {
      return;
    }
    cl_kernel kernel = kernels.computeIfAbsent(file + "." + name, k -> programs.kernel(file, name));
    try {
      set(kernel, 0, count);
      for (int i = 0; i < arguments.length; i++) {
        set(kernel, i + 1, arguments[i]);
      }
      long[] global = {(long) groups * size};
      CL.clEnqueueNDRangeKernel(queue, kernel, 1, null, global, new long[] {size}, 0, null, null);
      calls++;
      if (calls % FLUSH == 0) {
        CL.clFlush(queue);
      }
    } catch (CLException e) {
      throw new OpenClException(
          "kernel %s of %s.cl in %d groups of %d on %s, driver %s: %s"
              .formatted(name, file, groups, size, device.name(), device.driver(), e.getMessage()),
          e);
    }
  }

  private static void set(cl_kernel kernel, int index, Object argument) {
    switch (argument) {
      case Integer i -> CL.clSetKernelArg(kernel, index, Sizeof.cl_int, Pointer.to(new int[] {i}));
      case Float f ->
          CL.clSetKernelArg(kernel, index, Sizeof.cl_float, Pointer.to(new float[] {f}));
      case cl_mem m -> CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(m));
      case int[] v ->
          CL.clSetKernelArg(kernel, index, (long) v.length * Sizeof.cl_int, Pointer.to(v));
      default -> throw new IllegalArgumentException("[opencl] no argument: " + argument);
    }
  }
}
