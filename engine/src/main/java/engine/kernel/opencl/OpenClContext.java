package engine.kernel.opencl;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
  /** Calls after which the device is told to begin, where nobody waits for a result. */
  private static final int FLUSH = 64;

  static final int GROUP = 64;

  private final OpenClDevice device;
  private final cl_context context;
  private final cl_command_queue queue;
  private final OpenClPrograms programs;
  private final cl_mem nothing;
  private final Map<String, cl_kernel> kernels = new HashMap<>();
  private final OpenClMemory memory;
  private final OpenClConstants constants;
  private final OpenClCopies copies = new OpenClCopies(this);
  private long calls;
  private boolean closed;

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
    this.memory = new OpenClMemory(device, context);
    this.constants = new OpenClConstants(memory);
    this.nothing = memory.raw(1);
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

  /** Where its buffers come from. */
  OpenClMemory memory() {
    return memory;
  }

  /** The heap arrays that it has copies of. */
  OpenClCopies copies() {
    return copies;
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
    checkOpen();
    if (size > 0) {
      Transfers t = transfers;
      long bytes = OpenClMemory.bytes(size);
      transfers =
          new Transfers(t.uploads() + 1, t.uploaded() + bytes, t.downloads(), t.downloaded());
      CL.clEnqueueWriteBuffer(queue, target, true, 0, bytes, source, 0, null, null);
    }
  }

  synchronized void download(cl_mem source, float[] target, int size) {
    checkOpen();
    if (size > 0) {
      Transfers t = transfers;
      long bytes = OpenClMemory.bytes(size);
      transfers =
          new Transfers(t.uploads(), t.uploaded(), t.downloads() + 1, t.downloaded() + bytes);
      try {
        CL.clEnqueueReadBuffer(queue, source, true, 0, bytes, Pointer.to(target), 0, null, null);
      } catch (CLException e) {
        throw new OpenClException(
            "reading %,d bytes from %s (driver %s): %s; what was asked of it before may have failed"
                .formatted(bytes, device.name(), device.driver(), e.getMessage()),
            e);
      }
    }
  }

  synchronized void copy(cl_mem from, cl_mem to, int size) {
    checkOpen();
    if (size > 0) {
      CL.clEnqueueCopyBuffer(queue, from, to, 0, 0, OpenClMemory.bytes(size), 0, null, null);
    }
  }

  /** A table of indices, on the device already where an equal one was used lately. */
  synchronized cl_mem constant(int[] table) {
    return constants.of(table, this::upload);
  }

  /** A table of factors, on the device already where an equal one was used lately. */
  synchronized cl_mem constant(float[] table) {
    return constants.of(table, this::upload);
  }

  synchronized void finish() {
    checkOpen();
    CL.clFinish(queue);
  }

  /**
   * Ends all work and gives memory, programs and the device back. Heap arrays whose newest contents
   * are on the device have them afterwards; what {@link OpenClStorage} holds is gone.
   */
  void close() {
    try {
      copies.close();
    } finally {
      end();
    }
  }

  private void end() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      CL.clFinish(queue);
      constants.close();
      memory.give(nothing, 1);
      kernels.values().forEach(CL::clReleaseKernel);
      kernels.clear();
      programs.close();
    }
    memory.close();
    CL.clReleaseCommandQueue(queue);
    CL.clReleaseContext(context);
  }

  /** Refuses what comes after {@link #close}. */
  synchronized void checkOpen() {
    if (closed) {
      throw closed(device);
    }
  }

  static OpenClException closed(OpenClDevice device) {
    return new OpenClException(
        device.name()
            + " was closed with its engine, and what it held is gone: read results before that, or"
            + " open another engine");
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
    checkOpen();
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

  /** The kernels that were run so far. */
  synchronized Set<String> kernelsRun() {
    return kernels.keySet().stream()
        .map(name -> name.substring(name.lastIndexOf('.') + 1))
        .collect(Collectors.toSet());
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
