package engine.tensor;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Recycles large {@code float[]} by exact length, so that a training step does not pay for zeroing
 * and collecting what its predecessor already had. Only lookups touch the map; its order is never
 * seen. Idle memory is bounded by half the maximal heap: beyond that everything idle is dropped.
 */
final class ArrayPool {
  static final ArrayPool SHARED = new ArrayPool(Runtime.getRuntime().maxMemory() / 2);

  private static final int SMALLEST = 1024;

  /** Behind a soft reference: the collector takes the idle arrays before memory runs out. */
  private SoftReference<Idle> idle = new SoftReference<>(null);

  private final long maxIdleBytes;

  ArrayPool(long maxIdleBytes) {
    this.maxIdleBytes = maxIdleBytes;
  }

  private static final class Idle {
    private final Map<Integer, ArrayDeque<float[]>> bySize = new HashMap<>();
    private long bytes;
  }

  float[] take(int size) {
    float[] found = size < SMALLEST ? null : find(size);
    return found == null ? allocate(size) : found;
  }

  private synchronized float[] find(int size) {
    Idle current = idle.get();
    ArrayDeque<float[]> list = current == null ? null : current.bySize.get(size);
    float[] found = list == null ? null : list.pollLast();
    if (found != null) {
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
    if (array.length < SMALLEST || bytes > maxIdleBytes) {
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

  synchronized void clear() {
    idle.clear();
  }

  synchronized long idleBytes() {
    Idle current = idle.get();
    return current == null ? 0 : current.bytes;
  }
}
