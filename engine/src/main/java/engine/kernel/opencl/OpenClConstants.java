package engine.kernel.opencl;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jocl.Pointer;
import org.jocl.cl_mem;

/**
 * Small tables on a device. Ops make the same ones at every call; what they hold says which one it
 * is, and one that was used lately is there already. Guarded by its context.
 */
final class OpenClConstants {
  /** What tables may hold of the device, and how many stay whatever they hold. */
  private static final long MOST_BYTES = 64L << 20;

  private static final int KEPT = 16;

  private final OpenClMemory memory;
  private final Map<Table, Constant> all = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  OpenClConstants(OpenClMemory memory) {
    this.memory = memory;
  }

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

  /** How a table that is not there yet is sent. */
  interface Upload {
    void send(Pointer values, cl_mem target, int size);
  }

  /** A table of indices. */
  cl_mem of(int[] table, Upload upload) {
    return of(new Table(table, Arrays.hashCode(table)), Pointer.to(table), table.length, upload);
  }

  /** A table of factors. */
  cl_mem of(float[] table, Upload upload) {
    return of(new Table(table, Arrays.hashCode(table)), Pointer.to(table), table.length, upload);
  }

  private cl_mem of(Table key, Pointer values, int size, Upload upload) {
    Constant known = all.get(key);
    if (known != null) {
      return known.memory;
    }
    cl_mem made = memory.raw(size);
    upload.send(values, made, size);
    all.put(key, new Constant(made, size));
    bytes += OpenClMemory.bytes(size);
    forget();
    return made;
  }

  /** The least used go first; the newest are arguments of the call in the making. */
  private void forget() {
    Iterator<Constant> oldest = all.values().iterator();
    while (bytes > MOST_BYTES && all.size() > KEPT) {
      Constant gone = oldest.next();
      oldest.remove();
      bytes -= OpenClMemory.bytes(gone.size);
      memory.give(gone.memory, gone.size);
    }
  }

  /** Gives their memory back. */
  void close() {
    all.values().forEach(c -> memory.give(c.memory, c.size));
    all.clear();
    bytes = 0;
  }
}
