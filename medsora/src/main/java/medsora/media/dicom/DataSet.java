package medsora.media.dicom;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The kept attributes ({@link Tags}) of a data set, or of one item of a sequence in it. */
final class DataSet {
  /** Where it begins in the file, by which a DICOMDIR's records refer to each other. */
  private final long offset;

  private final boolean bigEndian;
  private final Map<Integer, byte[]> values = new HashMap<>();
  private final Map<Integer, List<DataSet>> sequences = new HashMap<>();

  DataSet(long offset, boolean bigEndian) {
    this.offset = offset;
    this.bigEndian = bigEndian;
  }

  long offset() {
    return offset;
  }

  void put(int tag, byte[] value) {
    values.put(tag, value);
  }

  void put(int tag, List<DataSet> items) {
    sequences.put(tag, List.copyOf(items));
  }

  boolean has(int tag) {
    return values.containsKey(tag);
  }

  /** Items of a sequence; none where it is absent. */
  List<DataSet> items(int tag) {
    return sequences.getOrDefault(tag, List.of());
  }

  /** The bytes as stored; none where the attribute is absent. */
  byte[] bytes(int tag) {
    return values.getOrDefault(tag, new byte[0]);
  }

  /** Text without the padding; empty where the attribute is absent. */
  String text(int tag) {
    return new String(bytes(tag), StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
  }

  /** One of several values of a text, from 0. */
  String text(int tag, int number) {
    String[] parts = text(tag).split("\\\\", -1);
    return number < parts.length ? parts[number].strip() : "";
  }

  /** A number of a text (DS, IS), where it is one. */
  OptionalDouble number(int tag) {
    return parsed(text(tag, 0));
  }

  static OptionalDouble parsed(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** A whole number of 2 or 4 bytes (US, SS, UL), unsigned, where the attribute is there. */
  @Nullable Long unsigned(int tag) {
    byte[] value = bytes(tag);
    if (value.length >= 4) {
      long a = word(value, 0);
      long b = word(value, 1);
      return bigEndian ? a << 16 | b : b << 16 | a;
    }
    return value.length >= 2 ? Long.valueOf(word(value, 0)) : null;
  }

  /** The same with a value for an absent attribute. */
  int unsigned(int tag, int absent) {
    Long value = unsigned(tag);
    return value == null ? absent : (int) Math.min(value, Integer.MAX_VALUE);
  }

  /** Words of 16 bits (US, SS, OW); none where the attribute is absent. */
  int[] words(int tag) {
    byte[] value = bytes(tag);
    int[] out = new int[value.length / 2];
    for (int i = 0; i < out.length; i++) {
      out[i] = word(value, i);
    }
    return out;
  }

  private int word(byte[] value, int number) {
    int a = value[2 * number] & 0xff;
    int b = value[2 * number + 1] & 0xff;
    return bigEndian ? a << 8 | b : b << 8 | a;
  }

  /** The first item of a sequence. */
  Optional<DataSet> first(int tag) {
    return items(tag).stream().findFirst();
  }
}
