package engine.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parsed and checked header of a safetensors file.
 *
 * <p>What is checked: each entry has exactly dtype, shape and data_offsets, once each; no name
 * comes twice; a shape has at most {@value #MAX_EXTENTS} extents; their product times the element's
 * bytes does not overflow and equals the length of the range; and the ranges cover the data from
 * its first byte to its last without gap or overlap.
 *
 * @param entries the tensors in the order of the header
 * @param metadata the strings of {@code __metadata__} in their order, empty where there are none
 */
record SafeTensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {

  /**
   * One tensor: its bytes are {@code [begin, end)} counted from the first byte after the header.
   */
  record Entry(String name, Dtype dtype, long[] shape, long begin, long end) {
    long count() {
      return (end - begin) * Byte.SIZE / dtype.bits();
    }
  }

  static final String METADATA = "__metadata__";

  /** More than any tensor has; a list without bound would take many times the header's memory. */
  static final int MAX_EXTENTS = 64;

  /**
   * Parses and checks a header.
   *
   * @param file name for messages
   * @param json the header's bytes, which follow the 8 bytes of its length
   * @param dataBytes the number of bytes after the header
   */
  static SafeTensorsHeader parse(String file, byte[] json, long dataBytes) throws FormatException {
    if (json.length == 0 || json[0] != '{') {
      throw new FormatException(
          "[safetensors] " + file + ": header at byte 8 does not start with '{'");
    }
    HeaderJson in = new HeaderJson(file, json, Long.BYTES);
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = null;
    in.expect('{');
    if (!in.accept('}')) {
      do {
        long offset = in.offset();
        String name = in.string();
        in.expect(':');
        if (name.equals(METADATA)) {
          if (metadata != null) {
            throw in.faultAt(offset, METADATA + " comes twice");
          }
          // Some writers say null where they have nothing to say.
          metadata = in.acceptNull() ? Map.of() : strings(in);
        } else if (entries.put(name, entry(in, name)) != null) {
          throw in.faultAt(offset, "tensor " + quoted(name) + " comes twice");
        }
      } while (in.more('}'));
    }
    in.end();
    checkCover(file, entries.values().stream().toList(), dataBytes, Long.BYTES + json.length);
    return new SafeTensorsHeader(
        Collections.unmodifiableMap(entries),
        metadata == null ? Map.of() : Collections.unmodifiableMap(metadata));
  }

  private static Map<String, String> strings(HeaderJson in) throws FormatException {
    Map<String, String> out = new LinkedHashMap<>();
    in.expect('{');
    if (in.accept('}')) {
      return out;
    }
    do {
      long offset = in.offset();
      String key = in.string();
      in.expect(':');
      if (out.put(key, in.string()) != null) {
        throw in.faultAt(offset, "metadata key " + quoted(key) + " comes twice");
      }
    } while (in.more('}'));
    return out;
  }

  private static Entry entry(HeaderJson in, String name) throws FormatException {
    long start = in.offset();
    Dtype dtype = null;
    long[] shape = null;
    long[] offsets = null;
    in.expect('{');
    do {
      long offset = in.offset();
      String key = in.string();
      in.expect(':');
      boolean fresh =
          switch (key) {
            case "dtype" -> dtype == null;
            case "shape" -> shape == null;
            case "data_offsets" -> offsets == null;
            default ->
                throw in.unreadAt(
                    offset, "tensor " + quoted(name) + " has unknown key " + quoted(key));
          };
      if (!fresh) {
        throw in.faultAt(offset, "tensor " + quoted(name) + " has key '" + key + "' twice");
      }
      switch (key) {
        case "dtype" -> dtype = dtype(in, name);
        case "shape" -> shape = numbers(in);
        default -> offsets = numbers(in);
      }
    } while (in.more('}'));
    if (dtype == null || shape == null || offsets == null) {
      throw in.faultAt(start, "tensor " + quoted(name) + " wants dtype, shape and data_offsets");
    }
    return checked(in, start, name, dtype, shape, offsets);
  }

  private static Dtype dtype(HeaderJson in, String name) throws FormatException {
    long offset = in.offset();
    String text = in.string();
    for (Dtype dtype : Dtype.values()) {
      if (dtype != Dtype.OTHER && dtype.name().equals(text)) {
        return dtype;
      }
    }
    throw in.unreadAt(
        offset,
        "tensor "
            + quoted(name)
            + " has dtype "
            + quoted(text)
            + ", which is none of the format's: "
            + Arrays.toString(Dtype.values()).replace(", " + Dtype.OTHER, ""));
  }

  private static long[] numbers(HeaderJson in) throws FormatException {
    in.expect('[');
    if (in.accept(']')) {
      return new long[0];
    }
    long[] values = new long[4];
    int count = 0;
    do {
      if (count == MAX_EXTENTS) {
        throw in.unreadAt(in.offset(), "a list of more than " + MAX_EXTENTS + " numbers");
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = in.number();
    } while (in.more(']'));
    return Arrays.copyOf(values, count);
  }

  private static Entry checked(
      HeaderJson in, long at, String name, Dtype dtype, long[] shape, long[] offsets)
      throws FormatException {
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw in.faultAt(
          at,
          "tensor "
              + quoted(name)
              + " wants data_offsets [begin,end] with begin <= end, has "
              + Arrays.toString(offsets));
    }
    long bits = dtype.bits();
    try {
      for (long extent : shape) {
        bits = Math.multiplyExact(bits, extent);
      }
    } catch (ArithmeticException e) {
      throw in.faultAt(
          at, "tensor " + quoted(name) + " has too many elements: shape=" + Arrays.toString(shape));
    }
    if (bits % Byte.SIZE != 0) {
      throw in.faultAt(
          at,
          "tensor %s of %s shape=%s ends within a byte"
              .formatted(quoted(name), dtype, Arrays.toString(shape)));
    }
    long bytes = bits / Byte.SIZE;
    if (bytes != offsets[1] - offsets[0]) {
      throw in.faultAt(
          at,
          "tensor "
              + quoted(name)
              + " of "
              + dtype
              + " shape="
              + Arrays.toString(shape)
              + " wants "
              + bytes
              + " bytes, data_offsets "
              + Arrays.toString(offsets)
              + " give "
              + (offsets[1] - offsets[0]));
    }
    return new Entry(name, dtype, shape, offsets[0], offsets[1]);
  }

  private static String quoted(String text) {
    return "'" + Printable.brief(text) + "'";
  }

  /** The ranges, sorted, must follow each other from 0 to the end of the data. */
  private static void checkCover(String file, List<Entry> entries, long dataBytes, long dataStart)
      throws FormatException {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long covered = 0;
    for (Entry entry : sorted) {
      if (entry.end > dataBytes) {
        throw new FormatException(
            "[safetensors] "
                + file
                + ": tensor "
                + quoted(entry.name)
                + " ends at byte "
                + entry.end
                + " of the data, which starts at byte "
                + dataStart
                + " of the file and has "
                + dataBytes
                + " bytes: the file is cut short or its header is wrong");
      }
      if (entry.begin != covered) {
        throw new FormatException(
            "[safetensors] "
                + file
                + ": tensor "
                + quoted(entry.name)
                + " starts at byte "
                + entry.begin
                + " of the data, "
                + (entry.begin < covered ? "inside the one before" : "after a gap")
                + ": byte "
                + covered
                + " was expected");
      }
      covered = entry.end;
    }
    if (covered != dataBytes) {
      throw new FormatException(
          "[safetensors] "
              + file
              + ": "
              + (dataBytes - covered)
              + " bytes after the last tensor, from byte "
              + (dataStart + covered)
              + " of the file");
    }
  }
}
