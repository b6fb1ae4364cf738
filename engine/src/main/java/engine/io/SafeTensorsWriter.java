package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects tensors and writes them as one safetensors file.
 *
 * <p>The bytes depend on what was added and on nothing else: tensors stand in the order they were
 * added (or sorted by name), metadata sorted by key, the header padded with spaces to a multiple of
 * 8. Arrays are not copied; do not change them before {@link #write}. The file appears whole or not
 * at all ({@link WholeFile}).
 */
public final class SafeTensorsWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  private record Pending(Dtype dtype, long[] shape, Object array, int count) {
    long bytes() {
      return (long) count * dtype.bytes();
    }
  }

  private final Map<String, Pending> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new TreeMap<>();
  private boolean sorted;
  private boolean checksummed;
  private WholeFile.Promise promise = WholeFile.Promise.ON_DISK;

  /** Adds a row-major F32 tensor. */
  public SafeTensorsWriter floats(String name, long[] shape, float... values) {
    return add(name, new Pending(Dtype.F32, shape.clone(), values, values.length));
  }

  /** Adds a row-major F16 or BF16 tensor. */
  public SafeTensorsWriter halves(String name, long[] shape, HalfFloats values) {
    Dtype dtype = values.format() == HalfFloats.Format.FLOAT16 ? Dtype.F16 : Dtype.BF16;
    return add(name, new Pending(dtype, shape.clone(), values.bits(), values.size()));
  }

  /** Adds a row-major F64 tensor. */
  public SafeTensorsWriter doubles(String name, long[] shape, double... values) {
    return add(name, new Pending(Dtype.F64, shape.clone(), values, values.length));
  }

  /** Adds a row-major I64 tensor. */
  public SafeTensorsWriter longs(String name, long[] shape, long... values) {
    return add(name, new Pending(Dtype.I64, shape.clone(), values, values.length));
  }

  /** Adds a row-major U8 tensor. */
  public SafeTensorsWriter bytes(String name, long[] shape, byte... values) {
    return add(name, new Pending(Dtype.U8, shape.clone(), values, values.length));
  }

  /** Adds one string to {@code __metadata__}. */
  public SafeTensorsWriter metadata(String key, String value) {
    metadata.put(encodable(key), encodable(value));
    return this;
  }

  /** Writes the tensors sorted by name instead of in the order they were added. */
  public SafeTensorsWriter sorted() {
    sorted = true;
    return this;
  }

  /** Adds a sum over everything to the metadata; {@link SafeTensors#verify} checks it. */
  public SafeTensorsWriter checksummed() {
    checksummed = true;
    return this;
  }

  private SafeTensorsWriter add(String name, Pending tensor) {
    if (name.equals(SafeTensorsHeader.METADATA)) {
      throw new IllegalArgumentException("[safetensors] a tensor may not be called " + name);
    }
    long count = 1;
    for (long extent : tensor.shape) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "[safetensors] tensor '"
                + name
                + "' has a negative extent: shape="
                + Arrays.toString(tensor.shape));
      }
      count = Math.multiplyExact(count, extent);
    }
    if (count != tensor.count) {
      throw new IllegalArgumentException(
          "[safetensors] tensor '"
              + name
              + "' shape="
              + Arrays.toString(tensor.shape)
              + " wants "
              + count
              + " values, has "
              + tensor.count);
    }
    if (tensors.putIfAbsent(encodable(name), tensor) != null) {
      throw new IllegalArgumentException("[safetensors] tensor '" + name + "' was added twice");
    }
    return this;
  }

  /** Writes the file, replacing what was there only once all of it is on the disk. */
  /**
   * For what can be computed again: nobody waits for the disk, and after a power cut the file may
   * be damaged, which {@link SafeTensors#verify} tells.
   */
  public SafeTensorsWriter recomputable() {
    promise = WholeFile.Promise.IN_PLACE;
    return checksummed();
  }

  public void write(Path target) throws IOException {
    Map<String, Pending> order = sorted ? new TreeMap<>(tensors) : tensors;
    if (checksummed) {
      metadata(Checksum.KEY, checksum(order));
    }
    byte[] header = header(order);
    if (header.length > SafeTensors.MAX_HEADER_BYTES) {
      throw new IOException(
          "[safetensors] "
              + target
              + ": header of "
              + header.length
              + " bytes, the format allows "
              + SafeTensors.MAX_HEADER_BYTES);
    }
    WholeFile.write(target, channel -> writeAll(channel, header, order.values()), promise);
  }

  private static void writeAll(FileChannel channel, byte[] header, Collection<Pending> tensors)
      throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    WholeFile.writeFully(channel, length.putLong(0, header.length));
    WholeFile.writeFully(channel, ByteBuffer.wrap(header));
    eachPiece(tensors, piece -> WholeFile.writeFully(channel, piece));
  }

  private String checksum(Map<String, Pending> order) throws IOException {
    Checksum sum = new Checksum(metadata);
    order.forEach((name, tensor) -> sum.tensor(name, tensor.dtype, tensor.shape));
    eachPiece(order.values(), sum::data);
    return sum.hex();
  }

  /** Receives the data section piece by piece. */
  private interface Sink {
    void take(ByteBuffer piece) throws IOException;
  }

  private static void eachPiece(Collection<Pending> tensors, Sink sink) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Pending tensor : tensors) {
      int step = BUFFER_BYTES / tensor.dtype.bytes();
      for (int from = 0; from < tensor.count; from += step) {
        int n = Math.min(step, tensor.count - from);
        buffer.clear();
        switch (tensor.array) {
          case float[] values -> buffer.asFloatBuffer().put(values, from, n);
          case double[] values -> buffer.asDoubleBuffer().put(values, from, n);
          case short[] values -> buffer.asShortBuffer().put(values, from, n);
          case long[] values -> buffer.asLongBuffer().put(values, from, n);
          case byte[] values -> buffer.duplicate().put(values, from, n);
          default -> throw new AssertionError(tensor.dtype);
        }
        sink.take(buffer.limit(n * tensor.dtype.bytes()));
      }
    }
  }

  private byte[] header(Map<String, Pending> order) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      quote(json, SafeTensorsHeader.METADATA).append(":{");
      String comma = "";
      for (Map.Entry<String, String> entry : metadata.entrySet()) {
        quote(json.append(comma), entry.getKey());
        quote(json.append(':'), entry.getValue());
        comma = ",";
      }
      json.append('}');
    }
    long offset = 0;
    for (Map.Entry<String, Pending> entry : order.entrySet()) {
      Pending tensor = entry.getValue();
      quote(json.append(json.length() > 1 ? "," : ""), entry.getKey());
      json.append(":{\"dtype\":\"").append(tensor.dtype).append("\",\"shape\":");
      json.append(Arrays.toString(tensor.shape).replace(" ", ""));
      json.append(",\"data_offsets\":[").append(offset).append(',');
      offset += tensor.bytes();
      json.append(offset).append("]}");
    }
    byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
    return padded;
  }

  private static StringBuilder quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }

  private static String encodable(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("[safetensors] a name or value has an unpaired surrogate");
    }
    return text;
  }
}
