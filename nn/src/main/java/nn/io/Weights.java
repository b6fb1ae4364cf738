package nn.io;

import engine.io.Dtype;
import engine.io.Printable;
import engine.io.SafeTensorsWriter;
import engine.io.TensorSource;
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
import java.util.function.Predicate;
import nn.Buffer;
import nn.Entry;
import nn.Module;
import nn.Parameter;

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
   * How weights are read.
   *
   * @param optional names that the file may lack; they keep the values they have
   * @param halfAtRest whether parameters that the file has in 16 bits stay so, and frozen
   */
  public record Reading(Predicate<String> optional, boolean halfAtRest) {
    /** Every name must be there, and all become float32. */
    public static final Reading WHOLE = new Reading(name -> false, false);
  }

  /** As {@link #load(TensorSource, String, Module, Reading)}, every name wanted. */
  public static void load(TensorSource file, String prefix, Module module) throws IOException {
    load(file, prefix, module, Reading.WHOLE);
  }

  /**
   * Writes the tensors of the file into a module. All that does not fit is listed at once; of very
   * much the beginning and the count.
   *
   * @param prefix what the names in the file begin with; names without it are not looked at
   * @return the optional names that the file lacks
   * @throws IOException if names are missing or unexpected or shapes differ; the module is then
   *     unchanged
   */
  public static List<String> load(TensorSource file, String prefix, Module module, Reading reading)
      throws IOException {
    Map<String, Entry> entries = module.stateDict();
    List<String> absent = removeAbsent(file, prefix, entries, reading);
    check(file, prefix, entries);
    requireFinite(file, prefix, entries);

    // Nothing is written before all could be read: a counter may hold what its type forbids.
    Map<String, long[]> counters = new HashMap<>();
    for (String name : entries.keySet()) {
      if (file.dtype(prefix + name).isInteger()) {
        counters.put(name, file.longs(prefix + name));
      }
    }
    entries.forEach((name, entry) -> {
      long[] whole = counters.get(name);
      if (whole == null) {
        write(file, prefix + name, entry, reading.halfAtRest());
      } else {
        entry.write(toFloats(whole));
      }
    });
    return absent;
  }

  /** Takes the optional names that the file lacks out of the entries, and returns them. */
  private static List<String> removeAbsent(
      TensorSource file, String prefix, Map<String, Entry> entries, Reading reading) {
    List<String> absent =
        entries.keySet().stream()
            .filter(name -> reading.optional().test(name) && !file.contains(prefix + name))
            .toList();
    absent.forEach(entries::remove);
    return absent;
  }

  private static void write(TensorSource file, String name, Entry entry, boolean halfAtRest) {
    Dtype dtype = file.dtype(name);
    boolean half = halfAtRest && (dtype == Dtype.F16 || dtype == Dtype.BF16);
    if (half && entry instanceof Parameter p) {
      p.keep(file.halves(name));
    } else {
      entry.write(file.floats(name));
    }
  }

  private static List<String> faults(TensorSource file, String prefix, Map<String, Entry> entries) {
    List<String> faults = new ArrayList<>();
    entries.forEach((name, entry) -> {
      if (!file.contains(prefix + name)) {
        faults.add("missing " + prefix + name + " " + entry.shape());
      } else if (!Arrays.equals(file.shape(prefix + name), extents(entry.shape()))) {
        faults.add(
            prefix
                + name
                + ": the model wants "
                + entry.shape()
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
  public static void check(TensorSource file, String prefix, Module module, Reading reading)
      throws IOException {
    Map<String, Entry> entries = module.stateDict();
    removeAbsent(file, prefix, entries, reading);
    check(file, prefix, entries);
  }

  private static void check(TensorSource file, String prefix, Map<String, Entry> entries)
      throws IOException {
    List<String> faults = faults(file, prefix, entries);
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

  /** One weight that is no number makes every result one, silently. */
  private static void requireFinite(TensorSource file, String prefix, Map<String, Entry> entries)
      throws IOException {
    List<String> faults = new ArrayList<>();
    for (String name : entries.keySet()) {
      if (file.dtype(prefix + name).isFloating()) {
        int count = 0;
        for (float value : file.floats(prefix + name)) {
          count += Float.isFinite(value) ? 0 : 1;
        }
        if (count > 0) {
          faults.add(prefix + name + ": " + count);
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new IOException(
          "[weights] "
              + file.path()
              + " holds values that are infinite or no numbers; take an earlier or another file:"
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

  /**
   * The elements of a tensor of any shape to be read, row-major: its own array where it has one,
   * else a copy.
   */
  public static float[] values(Tensor tensor) {
    return tensor.storage() instanceof HeapStorage heap
        ? HeapStorage.readOnly(heap)
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
        float[] values = entry.value().toArray();
        digest.update((name + entry.shape()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        java.nio.ByteBuffer bytes =
            java.nio.ByteBuffer.allocate(4 * values.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        digest.update(bytes);
      });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads one file, or the index of several, into a module. */
  public static void load(Path path, Module module) throws IOException {
    try (TensorSource file = TensorSource.open(path)) {
      load(file, "", module);
    }
  }
}
