package engine.tensor;

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

  private final Map<Integer, ArrayDeque<float[]>> idle = new HashMap<>();
  private final long maxIdleBytes;
  private long idleBytes;

  ArrayPool(long maxIdleBytes) {
    this.maxIdleBytes = maxIdleBytes;
  }

  float[] take(int size) {
    if (size >= SMALLEST) {
      synchronized (this) {
        ArrayDeque<float[]> list = idle.get(size);
        float[] found = list == null ? null : list.pollLast();
        if (found != null) {
          idleBytes -= 4L * size;
          return found;
        }
      }
    }
    return allocate(size);
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
    if (array.length < SMALLEST) {
      return;
    }
    if (idleBytes + 4L * array.length > maxIdleBytes) {
      clear();
    }
    idle.computeIfAbsent(array.length, n -> new ArrayDeque<>()).addLast(array);
    idleBytes += 4L * array.length;
  }

  synchronized void clear() {
    idle.clear();
    idleBytes = 0;
  }
}
