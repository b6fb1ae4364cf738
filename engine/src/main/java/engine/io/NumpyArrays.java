package engine.io;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * NumPy's arrays as pickles of any protocol describe them; their elements lie in the pickle itself.
 * Those of a numeric type are views like tensors, of either byte order and either order of axes.
 */
final class NumpyArrays {
  /** The key of the elements of an array, which are under none. */
  private static final String KEY = "an array of NumPy";

  private static final Map<String, String> TYPES = types();

  private NumpyArrays() {}

  private static Map<String, String> types() {
    Map<String, String> all = new HashMap<>();
    for (int bytes = 1; bytes <= 8; bytes *= 2) {
      all.put("i" + bytes, "int" + 8 * bytes);
      all.put("u" + bytes, "uint" + 8 * bytes);
      if (bytes > 1) {
        all.put("f" + bytes, "float" + 8 * bytes);
      }
    }
    all.put("b1", "bool");
    all.put("c8", "complex64");
    all.put("c16", "complex128");
    return all;
  }

  /** Whether a view is one of an array. */
  static boolean isArray(Pickled.View view) {
    return view.stored().key().equals(KEY);
  }

  /** The view that an object is, where it is an array of numbers that is whole. */
  static Optional<Pickled.View> view(Pickled.Opaque object) {
    return Optional.ofNullable(array(object)).map(NumpyArrays::view);
  }

  /** Whether an object is an array of strings or dates, which are no weights. */
  static boolean isOfWords(Pickled.Opaque object) {
    Array array = array(object);
    return array != null && array.type.matches("[USMm]\\d*");
  }

  /**
   * An array that is described.
   *
   * @param type NumPy's, such as f4
   */
  private record Array(
      String type, boolean bigEndian, List<Pickled> shape, boolean fortran, Pickled data) {}

  private static @Nullable Array array(Pickled.Opaque object) {
    if (object.what.matches("numpy\\._?core\\.multiarray\\._reconstruct")
        && object.state instanceof Pickled.Tuple(List<Pickled> state)
        && state.size() >= 4) {
      // (version, shape, type, fortran, data); the first ones had no version.
      List<Pickled> four = state.subList(state.size() - 4, state.size());
      return array(four.get(0), four.get(1), four.get(2).equals(new Pickled.Whole(1)), four.get(3));
    }
    if (object.what.matches("numpy\\._?core\\.numeric\\._frombuffer")
        && object.arguments.size() == 4) {
      List<Pickled> all = object.arguments;
      boolean fortran = all.get(3).equals(new Pickled.Text("F"));
      return array(all.get(2), all.get(1), fortran, all.get(0));
    }
    return null;
  }

  private static @Nullable Array array(Pickled shape, Pickled type, boolean fortran, Pickled data) {
    if (!(shape instanceof Pickled.Tuple(List<Pickled> extents))
        || !(type instanceof Pickled.Opaque dtype)
        || !dtype.what.equals("numpy.dtype")
        || dtype.arguments.isEmpty()
        || !(dtype.arguments.getFirst() instanceof Pickled.Text(String name))) {
      return null;
    }
    boolean big =
        dtype.state instanceof Pickled.Tuple(List<Pickled> state)
            && state.size() > 1
            && state.get(1).equals(new Pickled.Text(">"));
    return new Array(name, big, extents, fortran, data);
  }

  private static Pickled.@Nullable View view(Array array) {
    String name = TYPES.get(array.type);
    TorchType type = name == null ? null : TorchType.ofDtype(new Pickled.Name("torch", name));
    MemorySegment bytes = bytes(array.data);
    long[] shape = shape(array.shape);
    if (type == null || bytes == null || shape == null) {
      return null;
    }
    long[] stride = new long[shape.length];
    long step = 1;
    for (int n = 0; n < shape.length; n++) {
      int axis = array.fortran ? n : shape.length - 1 - n;
      stride[axis] = step;
      if (shape[axis] != 0 && step > bytes.byteSize() / shape[axis]) {
        return null;
      }
      step *= shape[axis];
    }
    if (step * type.bytes() != bytes.byteSize()) {
      return null;
    }
    MemorySegment held = array.bigEndian ? reversed(bytes, type.bytes()) : bytes;
    return new Pickled.View(new Pickled.Stored(KEY, type, step, 0, held), type, 0, shape, stride);
  }

  private static long @Nullable [] shape(List<Pickled> extents) {
    long[] shape = new long[extents.size()];
    for (int i = 0; i < shape.length; i++) {
      if (!(extents.get(i) instanceof Pickled.Whole(long extent)) || extent < 0) {
        return null;
      }
      shape[i] = extent;
    }
    return shape;
  }

  /** Bytes of either Python: protocols before 3 have them as a string of characters below 256. */
  private static @Nullable MemorySegment bytes(Pickled data) {
    return switch (data) {
      case Pickled.Bytes b -> b.data();
      case Pickled.Text(String text) -> latin(text);
      case Pickled.Opaque o
          when o.what.equals("_codecs.encode")
              && o.arguments.size() == 2
              && o.arguments.get(0) instanceof Pickled.Text(String text)
              && o.arguments.get(1).equals(new Pickled.Text("latin1")) ->
          latin(text);
      case Pickled.Opaque o when o.what.endsWith(".bytes") && o.arguments.isEmpty() -> latin("");
      default -> null;
    };
  }

  private static @Nullable MemorySegment latin(String text) {
    boolean whole = text.chars().allMatch(c -> c < 256);
    return whole ? MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1)) : null;
  }

  private static MemorySegment reversed(MemorySegment bytes, int size) {
    byte[] in = bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i / size * size + size - 1 - i % size] = in[i];
    }
    return MemorySegment.ofArray(out);
  }
}
