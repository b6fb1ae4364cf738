package medsora.train;

import engine.tensor.HeapStorage;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Tensors as one row of floats, in their order, each of any shape. */
final class FlatTensors {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final List<Tensor> tensors;

  /** The first float of each tensor, and behind the last. */
  private final long[] begins;

  FlatTensors(List<Tensor> tensors) {
    this.tensors = tensors;
    this.begins = new long[tensors.size() + 1];
    for (int i = 0; i < tensors.size(); i++) {
      begins[i + 1] = begins[i] + tensors.get(i).size();
    }
  }

  long size() {
    return begins[tensors.size()];
  }

  /** Copies floats from {@code from} on into memory; behind the last tensor there are zeros. */
  void read(long from, MemorySegment to, int count) {
    long end = Math.min(size(), from + count);
    long at = from;
    for (int i = find(from); at < end; i++) {
      int inside = (int) (at - begins[i]);
      int n = (int) (Math.min(end, begins[i + 1]) - at);
      float[] array = HeapStorage.readOnly(tensors.get(i).storage());
      MemorySegment.copy(array, inside, to, FLOAT, (at - from) * Float.BYTES, n);
      at += n;
    }
    long rest = Math.max(from, end) - from;
    to.asSlice(rest * Float.BYTES, (count - rest) * Float.BYTES).fill((byte) 0);
  }

  /** Replaces the floats from {@code from} on, and drops what is behind the last tensor. */
  void write(long from, MemorySegment values, int count) {
    long end = Math.min(size(), from + count);
    long at = from;
    for (int i = find(from); at < end; i++) {
      int inside = (int) (at - begins[i]);
      int n = (int) (Math.min(end, begins[i + 1]) - at);
      float[] array = HeapStorage.array(tensors.get(i).storage());
      MemorySegment.copy(values, FLOAT, (at - from) * Float.BYTES, array, inside, n);
      at += n;
    }
  }

  /** The tensor that holds a float; behind the last one, that. */
  private int find(long float0) {
    int low = 0;
    int high = tensors.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (begins[middle] <= float0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
