package nn.io;

import engine.io.Printable;
import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.tensor.HeapStorage;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import nn.Buffer;
import nn.Entry;
import nn.Module;

/** A module's weights in safetensors files, under their state-dict names. */
public final class Weights {
  private Weights() {}

  /** Adds every entry under {@code prefix + name}; counters as 64-bit integers. */
  public static void add(SafeTensorsWriter writer, String prefix, Map<String, Entry> entries) {
    entries.forEach((name, entry) -> {
      Tensor value = entry.value();
      if (entry instanceof Buffer b && b.integer()) {
        writer.longs(prefix + name, extents(value.shape()), (long) value.item());
      } else {
        writer.floats(prefix + name, extents(value.shape()), values(value));
      }
    });
  }

  /**
   * Writes the tensors of the file into a module. All that does not fit is listed at once; of very
   * much the beginning and the count.
   *
   * @param prefix what the names in the file begin with; names without it are not looked at
   * @throws IOException if names are missing or unexpected or shapes differ; the module is then
   *     unchanged
   */
  public static void load(SafeTensors file, String prefix, Module module) throws IOException {
    check(file, prefix, module);
    Map<String, Entry> entries = module.stateDict();

    // Nothing is written before all could be read: a counter may hold what its type forbids.
    Map<String, long[]> counters = new HashMap<>();
    for (String name : entries.keySet()) {
      if (file.dtype(prefix + name).isInteger()) {
        counters.put(name, file.longs(prefix + name));
      }
    }
    entries.forEach((name, entry) -> {
      long[] whole = counters.get(name);
      float[] values = whole == null ? file.floats(prefix + name) : toFloats(whole);
      entry.value().storage().write(values);
    });
  }

  private static List<String> faults(SafeTensors file, String prefix, Map<String, Entry> entries) {
    List<String> faults = new ArrayList<>();
    entries.forEach((name, entry) -> {
      if (!file.contains(prefix + name)) {
        faults.add("missing " + prefix + name + " " + entry.value().shape());
      } else if (!Arrays.equals(file.shape(prefix + name), extents(entry.value().shape()))) {
        faults.add(
            prefix
                + name
                + ": the model wants "
                + entry.value().shape()
                + ", the file has "
                + Arrays.toString(file.shape(prefix + name)));
      }
    });
    for (String name : file.names()) {
      if (name.startsWith(prefix) && !entries.containsKey(name.substring(prefix.length()))) {
        faults.add("unexpected " + Printable.brief(name));
      }
    }
    return faults;
  }

  /**
   * Whether {@link #load} would take the file; the module may be an {@link nn.Outline}, so that a
   * model that the file cannot fill need not be held in memory.
   *
   * @throws IOException if names are missing or unexpected or shapes differ
   */
  public static void check(SafeTensors file, String prefix, Module module) throws IOException {
    List<String> faults = faults(file, prefix, module.stateDict());
    if (!faults.isEmpty()) {
      throw new IOException(
          "[weights] "
              + file.path()
              + " does not fit the model in "
              + faults.size()
              + (faults.size() == 1 ? " place:" : " places:")
              + Printable.list(faults));
    }
  }

  private static float[] toFloats(long[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  /** The elements of a tensor to be read: its own array where it has one, else a copy. */
  public static float[] values(Tensor tensor) {
    return tensor.storage() instanceof HeapStorage heap
        ? HeapStorage.array(heap)
        : tensor.toArray();
  }

  /** A shape as safetensors has it. */
  public static long[] extents(Shape shape) {
    return Arrays.stream(shape.dims()).asLongStream().toArray();
  }

  /** SHA-256 over names, shapes and raw bits of tensors in the given order. */
  public static String sha256(Map<String, Entry> entries) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      entries.forEach((name, entry) -> {
        digest.update(
            (name + entry.value().shape()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        java.nio.ByteBuffer bytes =
            java.nio.ByteBuffer.allocate(4 * entry.value().size())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(entry.value().toArray());
        digest.update(bytes);
      });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads one file into a module. */
  public static void load(Path path, Module module) throws IOException {
    try (SafeTensors file = SafeTensors.open(path)) {
      load(file, "", module);
    }
  }
}
