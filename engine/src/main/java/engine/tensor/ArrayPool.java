package engine.tensor;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recycles large {@code float[]} by exact length, so that a training step does not pay for zeroing
 * and collecting what its predecessor already had. Only lookups touch the map; its order is never
 * seen. Idle memory is bounded by half the maximal heap: beyond that everything idle is dropped.
 * Each engine has a pool; what was taken from one goes back to that one.
 */
public final class ArrayPool {
  private static final ArrayPool OF_PROCESS = new ArrayPool();
  private static final ScopedValue<ArrayPool> CURRENT = ScopedValue.newInstance();

  private static final int SMALLEST = 1024;

  /** Behind a soft reference: the collector takes the idle arrays before memory runs out. */
  private SoftReference<Idle> idle = new SoftReference<>(null);

  private final long maxIdleBytes;
  private volatile boolean closed;

  /** For an engine. */
  public ArrayPool() {
    this(Runtime.getRuntime().maxMemory() / 2);
  }

  ArrayPool(long maxIdleBytes) {
    this.maxIdleBytes = maxIdleBytes;
  }

  private static final class Idle {
    private final Map<Integer, ArrayDeque<float[]>> bySize = new HashMap<>();
    private long bytes;
  }

  /** The pool of the process-wide engine, and of whoever allocates outside of any. */
  public static ArrayPool ofProcess() {
    return OF_PROCESS;
  }

  /** The pool that serves this thread: that of the innermost {@link #serve}, else the process's. */
  public static ArrayPool current() {
    return CURRENT.isBound() ? CURRENT.get() : OF_PROCESS;
  }

  /** Runs a body whose allocations on this thread come from this pool. */
  public <T, X extends Throwable> T serve(ScopedValue.CallableOp<T, X> body) throws X {
    return ScopedValue.where(CURRENT, this).call(body);
  }

  float[] take(int size) {
    if (closed) {
      throw new IllegalStateException(
          "[memory] the engine of this pool is closed: allocate before it closes, or open another");
    }
    float[] found = size < SMALLEST ? null : find(size);
    return found == null ? allocate(size) : found;
  }

  private synchronized float @Nullable [] find(int size) {
    Idle current = idle.get();
    ArrayDeque<float[]> list = current == null ? null : current.bySize.get(size);
    float[] found = list == null ? null : list.pollLast();
    if (current != null && found != null) {
      current.bytes -= 4L * size;
    }
    return found;
  }

  private float[] allocate(int size) {
    try {
      return new float[size];
    } catch (OutOfMemoryError first) {
      clear();
      try {
        return new float[size];
      } catch (OutOfMemoryError second) {
        throw new OutOfMemoryError(
            "[memory] "
                + size
                + " floats ("
                + ((4L * size) >> 20)
                + " MiB) do not fit a heap of "
                + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB: raise -Xmx, or lower the batch, the size or the frames");
      }
    }
  }

  synchronized void give(float[] array) {
    long bytes = 4L * array.length;
    if (closed || array.length < SMALLEST || bytes > maxIdleBytes) {
      return;
    }
    Idle current = idle.get();
    if (current == null || current.bytes + bytes > maxIdleBytes) {
      current = new Idle();
      idle = new SoftReference<>(current);
    }
    current.bySize.computeIfAbsent(array.length, n -> new ArrayDeque<>()).addLast(array);
    current.bytes += bytes;
  }

  /** Leaves all that is idle to the collector. */
  public synchronized void clear() {
    idle.clear();
  }

  /** The same for good: nothing can be taken any more, and what comes back is left to it too. */
  public synchronized void close() {
    closed = true;
    clear();
  }

  /** Bytes that wait to be taken again. */
  public synchronized long idleBytes() {
    Idle current = idle.get();
    return current == null ? 0 : current.bytes;
  }
}
