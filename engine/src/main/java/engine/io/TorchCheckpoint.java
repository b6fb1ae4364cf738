package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of PyTorch ({@code torch.save}: .pt, .pth), the zip layout and the legacy stream,
 * memory-mapped. A pickle is a program; here it is read as data, and whatever it would run beyond
 * the making of tensors, dicts and lists is refused by name ({@link Unpickler}).
 *
 * <p>A checkpoint may hold several parts: raw weights and their average, teacher and student,
 * states of optimisers. Where none is named, the weights themselves are taken, else {@code ema},
 * {@code model}, {@code state_dict}, {@code teacher}, {@code student}, in this order, else the only
 * one. {@code module.} before all names is left out. Views with strides are copied into row-major
 * order.
 */
public final class TorchCheckpoint implements TensorSource {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final Map<String, Map<String, Pickled.View>> parts = new LinkedHashMap<>();
  private final String part;
  private final Map<String, Pickled.View> views;
  private final Map<String, MemorySegment> bytes = new LinkedHashMap<>();

  private TorchCheckpoint(Path path, Arena arena, TorchLayout layout, String wanted)
      throws FormatException {
    this.path = path;
    this.arena = arena;
    TorchContents contents = TorchContents.of(layout.root());
    for (String name : contents.parts().keySet()) {
      parts.put(name, contents.tensors(name));
    }
    this.part = wanted == null ? contents.preferred() : wanted;
    if (part == null || !parts.containsKey(part)) {
      throw new FormatException(
          "[torch] "
              + path
              + (parts.isEmpty() ? " holds no dict of tensors" : ": which part is meant?")
              + (wanted == null ? "" : " It has no '" + Printable.brief(wanted) + "'.")
              + Printable.some(parts().entrySet().stream().map(Object::toString).toList()));
    }
    this.views = parts.get(part);
    for (Map.Entry<String, Pickled.View> e : views.entrySet()) {
      bytes.put(e.getKey(), layout.bytes(e.getValue().stored()));
    }
  }

  /** Whether a file begins as a checkpoint of either layout does. */
  static boolean isOne(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    byte[] first;
    try (InputStream in = Files.newInputStream(path)) {
      first = in.readNBytes(TorchLegacy.MAGIC.length);
    }
    return Arrays.equals(first, TorchLegacy.MAGIC)
        || (first.length > ZIP.length && Arrays.equals(Arrays.copyOf(first, ZIP.length), ZIP));
  }

  /** Opens the part that is meant where nobody says which. */
  public static TorchCheckpoint open(Path path) throws IOException {
    return open(path, null);
  }

  /**
   * Opens a part.
   *
   * @param part its path of keys, such as {@code model}, or null
   * @throws FormatException where the file is not whole, or holds more than data
   * @throws IOException where it cannot be read
   */
  public static TorchCheckpoint open(Path path, @Nullable String part) throws IOException {
    if (!isOne(path)) {
      throw new FormatException("[torch] " + path + " does not begin as a checkpoint of PyTorch");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      boolean zip = all.get(ValueLayout.JAVA_BYTE, 0) == ZIP[0];
      TorchLayout layout =
          zip ? new TorchZip(path.toString(), all) : new TorchLegacy(path.toString(), all);
      return new TorchCheckpoint(path, arena, layout, part);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** The part whose tensors are read; the outermost one is the empty string. */
  public String part() {
    return part;
  }

  /** All parts, with the number of their tensors. */
  public Map<String, Integer> parts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    parts.forEach((name, tensors) -> counts.put(name, tensors.size()));
    return counts;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<String> names() {
    return List.copyOf(views.keySet());
  }

  @Override
  public boolean contains(String name) {
    return views.containsKey(name);
  }

  @Override
  public long[] shape(String name) {
    return view(name).shape().clone();
  }

  @Override
  public Dtype dtype(String name) {
    return view(name).stored().dtype();
  }

  /** Such a file has none. */
  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public float[] floats(String name) {
    Pickled.View view = view(name);
    MemorySegment data = bytes.get(name);
    long[] places = places(name, view);
    float[] out = new float[places.length];
    for (int i = 0; i < out.length; i++) {
      long at = places[i];
      out[i] =
          switch (view.stored().dtype()) {
            case F32 -> Float.intBitsToFloat(data.get(INT, 4 * at));
            case F64 -> (float) Double.longBitsToDouble(data.get(LONG, 8 * at));
            case F16 -> SmallFloats.fromF16(data.get(SHORT, 2 * at));
            case BF16 -> SmallFloats.fromBf16(data.get(SHORT, 2 * at));
            default -> throw wrongKind(name, "a floating type");
          };
    }
    return out;
  }

  @Override
  public HalfFloats halves(String name) {
    Pickled.View view = view(name);
    Dtype dtype = view.stored().dtype();
    if (dtype != Dtype.F16 && dtype != Dtype.BF16) {
      throw wrongKind(name, "16 bits");
    }
    long[] places = places(name, view);
    short[] bits = new short[places.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = bytes.get(name).get(SHORT, 2 * places[i]);
    }
    return HalfFloats.ofBits(
        dtype == Dtype.F16 ? HalfFloats.Format.FLOAT16 : HalfFloats.Format.BFLOAT16, bits);
  }

  @Override
  public long[] longs(String name) throws FormatException {
    Pickled.View view = view(name);
    MemorySegment data = bytes.get(name);
    long[] places = places(name, view);
    long[] out = new long[places.length];
    for (int i = 0; i < out.length; i++) {
      long at = places[i];
      out[i] =
          switch (view.stored().dtype()) {
            case I64 -> data.get(LONG, 8 * at);
            case I32 -> data.get(INT, 4 * at);
            case I16 -> data.get(SHORT, 2 * at);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, at);
            case U8, BOOL -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, at));
            default -> throw wrongKind(name, "an integer type");
          };
      if (view.stored().dtype() == Dtype.BOOL && out[i] > 1) {
        throw new FormatException(
            "[torch] " + path + ": '" + Printable.brief(name) + "' holds a boolean of " + out[i]);
      }
    }
    return out;
  }

  /** Where each element of a view lies, row-major. A view has no more elements than are stored. */
  private long[] places(String name, Pickled.View view) {
    long count = 1;
    for (long extent : view.shape()) {
      count *= extent;
    }
    if (count > MAX_ARRAY) {
      throw new IllegalArgumentException(
          "[torch] " + path + ": '" + Printable.brief(name) + "' is larger than an array");
    }
    long[] places = new long[(int) count];
    long[] index = new long[view.shape().length];
    long at = view.offset();
    for (int i = 0; i < places.length; i++) {
      places[i] = at;
      for (int d = index.length - 1; d >= 0; d--) {
        at += view.stride()[d];
        if (++index[d] < view.shape()[d]) {
          break;
        }
        at -= view.stride()[d] * view.shape()[d];
        index[d] = 0;
      }
    }
    return places;
  }

  private Pickled.View view(String name) {
    Pickled.View view = views.get(name);
    if (view == null) {
      throw new IllegalArgumentException(
          "[torch] %s: no tensor '%s' among %d"
              .formatted(path, Printable.brief(name), views.size()));
    }
    return view;
  }

  private IllegalArgumentException wrongKind(String name, String wanted) {
    return new IllegalArgumentException(
        "[torch] %s: tensor '%s' is %s, not %s"
            .formatted(path, Printable.brief(name), dtype(name), wanted));
  }

  /** Such a file has no checksum. */
  @Override
  public void verify() {}

  /** Unmaps the file; reads after this throw IllegalStateException. */
  @Override
  public void close() {
    arena.close();
  }
}
