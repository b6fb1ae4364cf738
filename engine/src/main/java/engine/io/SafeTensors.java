package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
      return of(path, arena, file, headerBytes(path, file));
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * The same of bytes in memory, such as a resource of a jar.
   *
   * @param name what they are called, for messages
   * @param bytes of a whole file; not to be changed while it is open
   * @throws FormatException where they are no whole, well-formed safetensors file
   */
  public static SafeTensors of(Path name, byte[] bytes) throws FormatException {
    MemorySegment file = MemorySegment.ofArray(bytes);
    long headerBytes = bytes.length < Long.BYTES ? -1 : file.get(Elements.LONG, 0);
    if (headerBytes < 0
        || headerBytes > Math.min(MAX_HEADER_BYTES, (long) bytes.length - Long.BYTES)) {
      throw new FormatException(
          "[safetensors] %s: %d bytes are no whole safetensors file".formatted(name, bytes.length));
    }
    return of(name, Arena.ofShared(), file, headerBytes);
  }

  private static SafeTensors of(Path path, Arena arena, MemorySegment file, long headerBytes)
      throws FormatException {
    byte[] json = file.asSlice(Long.BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = file.asSlice(Long.BYTES + headerBytes);
    SafeTensorsHeader header = SafeTensorsHeader.parse(path.toString(), json, data.byteSize());
    return new SafeTensors(path, arena, data, header);
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

  private static long headerBytes(Path path, MemorySegment file) throws IOException {
    long size = file.byteSize();
    FileKind kind = FileKind.of(path);
    if (kind == FileKind.EMPTY) {
      throw new FormatException("[safetensors] " + path + ": 0 bytes, it is " + kind.words);
    }
    if (kind != FileKind.SAFETENSORS && kind != FileKind.UNKNOWN) {
      throw FormatException.unsupported(
          "[safetensors] %s: it is %s; this is no safetensors file".formatted(path, kind.words));
    }
    if (size < Long.BYTES) {
      throw new FormatException(
          "[safetensors] %s: %d bytes, the header length alone has 8: it was cut, or never written"
              .formatted(path, size));
    }
    long length = file.get(Elements.LONG, 0);
    if (length < 0 || length > MAX_HEADER_BYTES || length > size - Long.BYTES) {
      String said =
          "[safetensors] %s: header length at byte 0 is %s, the file has %d bytes after it and the format allows %d: "
              .formatted(path, Long.toUnsignedString(length), size - Long.BYTES, MAX_HEADER_BYTES);
      boolean begun =
          kind == FileKind.SAFETENSORS
              || (size > Long.BYTES && file.get(ValueLayout.JAVA_BYTE, Long.BYTES) == '{');
      throw begun
          ? new FormatException(said + "the file was cut, or is damaged")
          : FormatException.unsupported(said + "this is no safetensors file; it is " + kind.words);
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
    return elements(floating(name), from, count).floats(0, count);
  }

  @Override
  public HalfFloats halves(String name) {
    SafeTensorsHeader.Entry entry = entry(name);
    if (entry.dtype() != Dtype.F16 && entry.dtype() != Dtype.BF16) {
      throw wrongKind(entry, "16 bits");
    }
    int count = arrayLength(entry);
    return HalfFloats.ofBits(
        entry.dtype() == Dtype.F16 ? HalfFloats.Format.FLOAT16 : HalfFloats.Format.BFLOAT16,
        elements(entry, 0, count).shorts(0, count));
  }

  /** The whole tensor, row-major; any floating type, exactly. */
  public double[] doubles(String name) {
    SafeTensorsHeader.Entry entry = floating(name);
    int count = arrayLength(entry);
    return elements(entry, 0, count).doubles(0, count);
  }

  @Override
  public long[] longs(String name) throws FormatException {
    SafeTensorsHeader.Entry entry = entry(name);
    if (!entry.dtype().isInteger()) {
      throw wrongKind(entry, "an integer type");
    }
    long[] out = new long[arrayLength(entry)];
    Elements elements = elements(entry, 0, out.length);
    for (int i = 0; i < out.length; i++) {
      out[i] = elements.integer(i);
      if (!elements.fits(out[i])) {
        throw elements.misfit(
            "[safetensors] %s: tensor '%s' element %d"
                .formatted(path, Printable.brief(entry.name()), i),
            out[i]);
      }
    }
    return out;
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
      throw wrongKind(entry, "a floating type");
    }
    return entry;
  }

  private IllegalArgumentException wrongKind(SafeTensorsHeader.Entry entry, String wanted) {
    return new IllegalArgumentException(
        "[safetensors] %s: tensor '%s' is %s, not %s"
            .formatted(path, Printable.brief(entry.name()), entry.dtype(), wanted));
  }

  private int arrayLength(SafeTensorsHeader.Entry entry) {
    if (entry.count() > Elements.MAX_ARRAY) {
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

  private Elements elements(SafeTensorsHeader.Entry entry, long from, int count) {
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
    MemorySegment own = data.asSlice(entry.begin() + from * bytes, (long) count * bytes);
    return new Elements(entry.dtype(), own);
  }

  /** Unmaps the file; reads after this throw IllegalStateException. */
  @Override
  public void close() {
    arena.close();
  }
}
