package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of PyTorch, memory-mapped: what {@code torch.save} writes (zip layout and legacy
 * stream), the archives of TorchScript, and plain pickles of modules as StyleGAN's family has them.
 * A pickle is a program; here it is read as data ({@link Unpickler}): tensors, dicts and lists are
 * made of what it says, all else stays an opaque value, and nothing in the file is run.
 *
 * <p>A checkpoint may hold several parts: raw weights and their average, teacher and student,
 * states of optimisers. Which is meant where none is named: docs/weights.md. Prefixes that wrappers
 * put before all names are left out. Views with strides are copied into row-major order.
 */
public final class TorchCheckpoint implements TensorSource {
  /** How many times the file its tensors may come to: views can share elements. */
  private static final long MOST_TIMES = 16;

  private static final long LEAST_LIMIT = 1 << 24;

  private final Path path;
  private final Arena arena;
  private final TorchParts parts;
  private final String part;
  private final List<String> read;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();

  /** A view, and the bytes that it is one of. */
  private record Tensor(Pickled.View view, Elements elements) {}

  private TorchCheckpoint(Path path, Arena arena, long bytes, TorchLayout layout, Choice choice)
      throws FormatException {
    this.path = path;
    this.arena = arena;
    this.parts = new TorchParts(TorchContents.of(path.toString(), bytes, layout.root()));
    TorchParts.Chosen chosen =
        parts
            .chosen(choice)
            .orElseThrow(
                () -> FormatException.unsupported("[torch] " + path + parts.listed(choice.part())));
    this.part = chosen.name();
    this.read = chosen.read();
    refuse(chosen);
    Map<String, String> own = new LinkedHashMap<>();
    chosen.part().tensors().keySet().forEach(name -> own.put(name, name));
    Map<String, String> names = TorchNames.bare(own);
    Map<String, Pickled.View> views = new LinkedHashMap<>();
    names.forEach((bare, name) -> views.put(bare, chosen.part().tensors().get(name)));
    leaveOut(chosen.part(), names.values());
    requireFewBytes(bytes, views.values());
    for (Map.Entry<String, Pickled.View> e : views.entrySet()) {
      Pickled.View view = e.getValue();
      Elements elements = new Elements(view.type().dtype(), layout.bytes(view.stored()));
      tensors.put(e.getKey(), new Tensor(view, elements));
    }
  }

  /** What wrappers keep beside the weights, and what is no tensor and clearly no weight. */
  private void leaveOut(TorchContents.Part part, Collection<String> kept) {
    Set<String> all = new HashSet<>(kept);
    for (String name : part.tensors().keySet()) {
      if (!all.contains(name)) {
        leftOut.put(
            name,
            TorchNames.isOnline(name)
                ? "a raw weight beside its average"
                : "a number that a wrapper keeps beside the weights");
      }
    }
    leftOut.putAll(part.beside());
    part.objects()
        .forEach((name, what) -> {
          if (!TorchBeside.standsAmong(name, part.tensors().keySet())) {
            leftOut.put(name, what);
          }
        });
  }

  /** What may be a weight cannot be left out silently: the part would lack it. */
  private void refuse(TorchParts.Chosen chosen) throws FormatException {
    Map<String, String> refused = new LinkedHashMap<>(chosen.part().refused());
    Set<String> tensors = chosen.part().tensors().keySet();
    chosen
        .part()
        .objects()
        .forEach((name, what) -> {
          if (TorchBeside.standsAmong(name, tensors)) {
            refused.put(name, what);
          }
        });
    if (!refused.isEmpty()) {
      List<String> lines = new ArrayList<>();
      refused.forEach(
          (name, what) -> lines.add(Printable.brief(name) + ": " + Printable.brief(what)));
      throw FormatException.unsupported(
          "[torch] %s: part '%s' has tensors, or objects in their place, of kinds that are not read (quantized, sparse or of another library); save plain ones%s"
              .formatted(path, Printable.brief(chosen.name()), Printable.some(lines)));
    }
  }

  private void requireFewBytes(long file, Collection<Pickled.View> views) throws FormatException {
    double wanted = 0;
    for (Pickled.View view : views) {
      wanted += (double) view.count() * view.type().bytes();
    }
    if (wanted > Math.max(LEAST_LIMIT, (double) MOST_TIMES * file)) {
      throw FormatException.unsupported(
          "[torch] %s: its tensors come to %.0f bytes, more than %d times the file: views repeat the same elements; save copies of them"
              .formatted(path, wanted, MOST_TIMES));
    }
  }

  /** Opens the part that is meant where nobody says which, averages first. */
  public static TorchCheckpoint open(Path path) throws IOException {
    return open(path, Choice.AVERAGED);
  }

  /**
   * Opens a part.
   *
   * @param part its path of keys, such as {@code model}, or null
   */
  public static TorchCheckpoint open(Path path, @Nullable String part) throws IOException {
    return open(path, Choice.part(part));
  }

  /**
   * Opens the part that is chosen.
   *
   * @throws FormatException where the file is not whole, or no checkpoint, or has no such part, or
   *     where that part has what cannot be read
   * @throws IOException where it cannot be read
   */
  public static TorchCheckpoint open(Path path, Choice choice) throws IOException {
    FileKind kind = kind(path);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      String file = path.toString();
      TorchLayout layout =
          switch (kind) {
            case TORCH_ZIP -> new TorchZip(file, all);
            case TORCH_LEGACY -> new TorchLegacy(file, all, 0, 0);
            default -> PlainPickle.read(file, all);
          };
      return new TorchCheckpoint(path, arena, all.byteSize(), layout, choice);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static FileKind kind(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException(
          "[torch] %s is %s: give the checkpoint's file"
              .formatted(path, Files.isDirectory(path) ? "a folder" : "not a regular file"));
    }
    FileKind kind = FileKind.of(path);
    if (!kind.isTorch()) {
      throw FormatException.unsupported(
          "[torch] %s does not begin as a checkpoint of PyTorch; it is %s"
              .formatted(path, kind.words));
    }
    return kind;
  }

  /** The part whose tensors are read; the outermost one is the empty string. */
  public String part() {
    return part;
  }

  /** Whether that part is a moving average by its name. */
  public boolean isAverage() {
    return TorchParts.isAverage(part);
  }

  /** All parts, with the number of their tensors; the state of an optimiser is one. */
  public Map<String, Integer> parts() {
    return parts.counts();
  }

  /** Whether a part of {@link #parts} is read, alone or with others. */
  public boolean reads(String part) {
    return read.contains(part);
  }

  /** What the part has beside the tensors that are read, by its name: what it is. */
  public Map<String, String> leftOut() {
    return Collections.unmodifiableMap(leftOut);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  @Override
  public long[] shape(String name) {
    return view(name).shape().clone();
  }

  @Override
  public Dtype dtype(String name) {
    return view(name).type().dtype();
  }

  /** Such a file has none. */
  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public float[] floats(String name) {
    Pickled.View view = view(name);
    Elements all = elements(name);
    if (!all.dtype().isFloating()) {
      throw wrongKind(name, "a floating type");
    }
    int count = length(name, view);
    if (view.isContiguous()) {
      return all.floats(view.offset(), count);
    }
    float[] out = new float[count];
    Strides places = new Strides(view);
    for (int i = 0; i < count; i++) {
      out[i] = all.floating(places.next());
    }
    return out;
  }

  @Override
  public HalfFloats halves(String name) {
    Pickled.View view = view(name);
    Elements all = elements(name);
    if (all.dtype() != Dtype.F16 && all.dtype() != Dtype.BF16) {
      throw wrongKind(name, "16 bits");
    }
    short[] bits = new short[length(name, view)];
    Strides places = new Strides(view);
    for (int i = 0; i < bits.length; i++) {
      bits[i] = all.bytes().get(Elements.SHORT, 2 * places.next());
    }
    return HalfFloats.ofBits(
        all.dtype() == Dtype.F16 ? HalfFloats.Format.FLOAT16 : HalfFloats.Format.BFLOAT16, bits);
  }

  @Override
  public long[] longs(String name) throws FormatException {
    Pickled.View view = view(name);
    Elements all = elements(name);
    if (!all.dtype().isInteger()) {
      throw wrongKind(name, "an integer type");
    }
    long[] out = new long[length(name, view)];
    Strides places = new Strides(view);
    for (int i = 0; i < out.length; i++) {
      out[i] = all.integer(places.next());
      if (!all.fits(out[i])) {
        throw all.misfit("[torch] %s: '%s'".formatted(path, Printable.brief(name)), out[i]);
      }
    }
    return out;
  }

  private int length(String name, Pickled.View view) {
    if (view.count() > Elements.MAX_ARRAY) {
      throw new IllegalArgumentException(
          "[torch] " + path + ": '" + Printable.brief(name) + "' is larger than an array");
    }
    return (int) view.count();
  }

  private Pickled.View view(String name) {
    return tensor(name).view();
  }

  private Elements elements(String name) {
    return tensor(name).elements();
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "[torch] %s: no tensor '%s' among %d"
              .formatted(path, Printable.brief(name), tensors.size()));
    }
    return tensor;
  }

  private IllegalArgumentException wrongKind(String name, String wanted) {
    return new IllegalArgumentException(
        "[torch] %s: tensor '%s' is %s, not %s"
            .formatted(path, Printable.brief(name), view(name).type().name(), wanted));
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
