package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * An open safetensors file, memory-mapped; tensors are read on demand, files beyond 2 GB included.
 *
 * <p>Layout: 8 bytes little-endian header length, the header's JSON, then the tensors'
 * little-endian bytes. The header is checked as a whole when the file is opened (see {@link
 * SafeTensorsHeader}), so a file that opens can be read. The file must not shrink while it is open.
 *
 * <pre>{@code
 * try (SafeTensors file = SafeTensors.open(path)) {
 *   float[] weight = file.floats("blocks.0.weight"); // row-major, shape file.shape(...)
 * }
 * }</pre>
 *
 * Reads may run on several threads. A fault of the file is an {@link IOException}; asking for a
 * name that is not there, or for a kind that the tensor does not have, is an
 * IllegalArgumentException.
 */
public final class SafeTensors implements TensorSource {
  /** The format's own bound for a header. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final long VERIFY_BYTES = 1L << 28;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;
  private static final ValueLayout.OfShort SHORT = little(ValueLayout.JAVA_SHORT_UNALIGNED);
  private static final ValueLayout.OfInt INT = little(ValueLayout.JAVA_INT_UNALIGNED);
  private static final ValueLayout.OfLong LONG = little(ValueLayout.JAVA_LONG_UNALIGNED);
  private static final ValueLayout.OfFloat FLOAT = little(ValueLayout.JAVA_FLOAT_UNALIGNED);
  private static final ValueLayout.OfDouble DOUBLE = little(ValueLayout.JAVA_DOUBLE_UNALIGNED);

  private final Path path;
  private final Arena arena;
  private final MemorySegment data;
  private final SafeTensorsHeader header;

  private SafeTensors(Path path, Arena arena, MemorySegment data, SafeTensorsHeader header) {
    this.path = path;
    this.arena = arena;
    this.data = data;
    this.header = header;
  }

  /**
   * Maps the file and checks its header.
   *
   * @throws FormatException where the file is not a whole, well-formed safetensors file
   * @throws IOException where it cannot be read
   */
  public static SafeTensors open(Path path) throws IOException {
    requireFile(path);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      long headerBytes = headerBytes(path, file);
      byte[] json = file.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
      MemorySegment data = file.asSlice(Long.BYTES + headerBytes);
      SafeTensorsHeader header = SafeTensorsHeader.parse(path.toString(), json, data.byteSize());
      return new SafeTensors(path, arena, data, header);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** A pipe would wait for a writer, a folder or a device fail without a word that helps. */
  private static void requireFile(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException(
          "[safetensors] "
              + path
              + " is "
              + (Files.isDirectory(path) ? "a folder" : "not a regular file")
              + ": give a safetensors file");
    }
  }

  private static long headerBytes(Path path, MemorySegment file) throws FormatException {
    long size = file.byteSize();
    if (size < Long.BYTES) {
      throw new FormatException(
          "[safetensors] " + path + ": " + size + " bytes, the header length alone has 8");
    }
    long length = file.get(LONG, 0);
    if (length < 0 || length > MAX_HEADER_BYTES || length > size - Long.BYTES) {
      throw new FormatException(
          "[safetensors] "
              + path
              + ": header length at byte 0 is "
              + Long.toUnsignedString(length)
              + ", the file has "
              + (size - Long.BYTES)
              + " bytes after it and the format allows "
              + MAX_HEADER_BYTES);
    }
    return length;
  }

  /**
   * Checks the sum that {@link SafeTensorsWriter#checksummed} left in the metadata; a file without
   * one passes.
   *
   * @throws FormatException where anything of the file is not as it was written
   */
  @Override
  public void verify() throws FormatException {
    String expected = metadata().get(Checksum.KEY);
    if (expected == null) {
      return;
    }
    Checksum sum = new Checksum(metadata());
    header.entries().values().forEach(e -> sum.tensor(e.name(), e.dtype(), e.shape()));
    for (long from = 0; from < data.byteSize(); from += VERIFY_BYTES) {
      long n = Math.min(VERIFY_BYTES, data.byteSize() - from);
      sum.data(data.asSlice(from, n).asByteBuffer());
    }
    if (!sum.hex().equals(expected)) {
      throw new FormatException(
          "[safetensors] "
              + path
              + " is damaged: its contents do not have the checksum that it was written with;"
              + " restore it from a copy");
    }
  }

  @Override
  public Path path() {
    return path;
  }

  /** In the order of the header. */
  @Override
  public List<String> names() {
    return List.copyOf(header.entries().keySet());
  }

  @Override
  public boolean contains(String name) {
    return header.entries().containsKey(name);
  }

  @Override
  public long[] shape(String name) {
    return entry(name).shape().clone();
  }

  @Override
  public Dtype dtype(String name) {
    return entry(name).dtype();
  }

  /** Number of elements. */
  public long count(String name) {
    return entry(name).count();
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public float[] floats(String name) {
    return floats(name, 0, arrayLength(floating(name)));
  }

  /** Elements {@code [from, from + count)} of the row-major order; any floating type. */
  public float[] floats(String name, long from, int count) {
    SafeTensorsHeader.Entry entry = floating(name);
    MemorySegment bytes = slice(entry, from, count);
    float[] out = new float[count];
    switch (entry.dtype()) {
      case F32 -> MemorySegment.copy(bytes, FLOAT, 0, out, 0, count);
      case F64 -> {
        for (int i = 0; i < count; i++) {
          out[i] = (float) bytes.get(DOUBLE, 8L * i);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = SmallFloats.fromF16(bytes.get(SHORT, 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = SmallFloats.fromBf16(bytes.get(SHORT, 2L * i));
        }
      }
      case F8_E4M3 -> {
        for (int i = 0; i < count; i++) {
          out[i] = SmallFloats.fromF8E4M3(bytes.get(ValueLayout.JAVA_BYTE, i));
        }
      }
      case F8_E5M2 -> {
        for (int i = 0; i < count; i++) {
          out[i] = SmallFloats.fromF8E5M2(bytes.get(ValueLayout.JAVA_BYTE, i));
        }
      }
      default -> throw new AssertionError(entry.dtype());
    }
    return out;
  }

  @Override
  public HalfFloats halves(String name) {
    SafeTensorsHeader.Entry entry = floating(name);
    if (entry.dtype() != Dtype.F16 && entry.dtype() != Dtype.BF16) {
      throw new IllegalArgumentException(
          "[safetensors] "
              + path
              + ": tensor '"
              + name
              + "' is "
              + entry.dtype()
              + ", not 16 bits");
    }
    short[] bits = new short[arrayLength(entry)];
    MemorySegment.copy(slice(entry, 0, bits.length), SHORT, 0, bits, 0, bits.length);
    return HalfFloats.ofBits(
        entry.dtype() == Dtype.F16 ? HalfFloats.Format.FLOAT16 : HalfFloats.Format.BFLOAT16, bits);
  }

  /** The whole tensor, row-major; any floating type, exactly. */
  public double[] doubles(String name) {
    SafeTensorsHeader.Entry entry = floating(name);
    int count = arrayLength(entry);
    double[] out = new double[count];
    if (entry.dtype() == Dtype.F64) {
      MemorySegment.copy(slice(entry, 0, count), DOUBLE, 0, out, 0, count);
      return out;
    }
    float[] narrow = floats(name);
    for (int i = 0; i < count; i++) {
      out[i] = narrow[i];
    }
    return out;
  }

  @Override
  public long[] longs(String name) throws FormatException {
    SafeTensorsHeader.Entry entry = entry(name);
    if (!entry.dtype().isInteger()) {
      throw new IllegalArgumentException(
          "[safetensors] "
              + path
              + ": tensor '"
              + Printable.brief(name)
              + "' is "
              + entry.dtype()
              + ", not an integer type");
    }
    long[] out = new long[arrayLength(entry)];
    MemorySegment bytes = slice(entry, 0, out.length);
    for (int i = 0; i < out.length; i++) {
      out[i] = integer(entry, bytes, i);
    }
    return out;
  }

  private long integer(SafeTensorsHeader.Entry entry, MemorySegment bytes, int i)
      throws FormatException {
    long value =
        switch (entry.dtype()) {
          case I64, U64 -> bytes.get(LONG, 8L * i);
          case I32 -> bytes.get(INT, 4L * i);
          case U32 -> Integer.toUnsignedLong(bytes.get(INT, 4L * i));
          case I16 -> bytes.get(SHORT, 2L * i);
          case U16 -> Short.toUnsignedLong(bytes.get(SHORT, 2L * i));
          case I8 -> bytes.get(ValueLayout.JAVA_BYTE, i);
          case U8, BOOL -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, i));
          default -> throw new AssertionError(entry.dtype());
        };
    boolean fits =
        switch (entry.dtype()) {
          case BOOL -> value <= 1;
          case U64 -> value >= 0;
          default -> true;
        };
    if (!fits) {
      throw new FormatException(
          "[safetensors] "
              + path
              + ": tensor '"
              + Printable.brief(entry.name())
              + "' element "
              + i
              + " is "
              + Long.toUnsignedString(value)
              + ", which "
              + entry.dtype()
              + " may not hold here");
    }
    return value;
  }

  private SafeTensorsHeader.Entry entry(String name) {
    SafeTensorsHeader.Entry entry = header.entries().get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "[safetensors] "
              + path
              + ": no tensor '"
              + Printable.brief(name)
              + "' among "
              + header.entries().size());
    }
    return entry;
  }

  private SafeTensorsHeader.Entry floating(String name) {
    SafeTensorsHeader.Entry entry = entry(name);
    if (!entry.dtype().isFloating()) {
      throw new IllegalArgumentException(
          "[safetensors] "
              + path
              + ": tensor '"
              + Printable.brief(name)
              + "' is "
              + entry.dtype()
              + ", not a floating type");
    }
    return entry;
  }

  private int arrayLength(SafeTensorsHeader.Entry entry) {
    if (entry.count() > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "[safetensors] "
              + path
              + ": tensor '"
              + Printable.brief(entry.name())
              + "' has "
              + entry.count()
              + " elements, more than one array holds: read it in parts with floats(name, from, count)");
    }
    return (int) entry.count();
  }

  private MemorySegment slice(SafeTensorsHeader.Entry entry, long from, int count) {
    if (from < 0 || count < 0 || from > entry.count() - count) {
      throw new IllegalArgumentException(
          "[safetensors] "
              + path
              + ": tensor '"
              + Printable.brief(entry.name())
              + "' has "
              + entry.count()
              + " elements, wanted "
              + count
              + " from "
              + from);
    }
    int bytes = entry.dtype().bytes();
    return data.asSlice(entry.begin() + from * bytes, (long) count * bytes);
  }

  /** Unmaps the file; reads after this throw IllegalStateException. */
  @Override
  public void close() {
    arena.close();
  }

  @SuppressWarnings("unchecked")
  private static <T extends ValueLayout> T little(T layout) {
    return (T) layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }
}
