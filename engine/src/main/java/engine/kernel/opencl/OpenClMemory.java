package engine.kernel.opencl;

import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/** The memory of one device, in buffers of floats that are recycled by exact size. */
final class OpenClMemory {
  private static final Cleaner CLEANER = Cleaner.create();

  /** Of the device's memory, how much idle buffers may hold. */
  private static final int IDLE_SHARE = 4;

  private final OpenClDevice device;
  private final cl_context context;
  private final Map<Integer, Deque<cl_mem>> idle = new HashMap<>();
  private final Set<Buffer> lent = new HashSet<>();
  private long idleBytes;
  private long heldBytes;
  private boolean closed;

  OpenClMemory(OpenClDevice device, cl_context context) {
    this.device = device;
    this.context = context;
  }

  /** A buffer that goes back to the pool once, when it is given back or its owner is gone. */
  static final class Buffer {
    private final OpenClMemory home;
    private final int size;
    private cl_mem memory;
    private Cleaner.Cleanable cleanable;

    private Buffer(OpenClMemory home, int size, cl_mem memory) {
      this.home = home;
      this.size = size;
      this.memory = memory;
    }

    /** Null when it was given back, or the device was closed. */
    synchronized cl_mem memory() {
      return memory;
    }

    /** Gives it back now. */
    void release() {
      cleanable.clean();
    }

    private synchronized cl_mem end() {
      cl_mem given = memory;
      memory = null;
      return given;
    }

    private void giveBack() {
      cl_mem given = end();
      if (given != null) {
        home.giveBack(this, given);
      }
    }
  }

  /** A buffer of floats for an owner. */
  Buffer take(int size, Object owner) {
    Buffer buffer = lend(size);
    buffer.cleanable = CLEANER.register(owner, buffer::giveBack);
    return buffer;
  }

  private synchronized Buffer lend(int size) {
    Buffer buffer = new Buffer(this, size, raw(size));
    lent.add(buffer);
    return buffer;
  }

  private synchronized void giveBack(Buffer buffer, cl_mem memory) {
    lent.remove(buffer);
    give(memory, buffer.size);
  }

  /** Memory that the caller gives back itself. */
  synchronized cl_mem raw(int size) {
    if (closed) {
      throw OpenClContext.closed(device);
    }
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

  static long bytes(int size) {
    return Math.max(1L, size) * Sizeof.cl_float;
  }

  synchronized void give(cl_mem memory, int size) {
    idle.computeIfAbsent(size, s -> new ArrayDeque<>()).push(memory);
    idleBytes += bytes(size);
    if (closed || idleBytes > device.memory() / IDLE_SHARE) {
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

  /** Bytes that the device holds for us, idle ones among them. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  /** Takes every buffer back, whoever has it, and gives all memory back to the device. */
  synchronized void close() {
    closed = true;
    List.copyOf(lent).forEach(Buffer::giveBack);
    releaseIdle();
  }
}
