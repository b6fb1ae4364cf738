package engine.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of a file with a place in them; every read is within the bytes, or a fault that says where.
 */
final class PickleInput {
  private static final ValueLayout.OfLong BIG_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** Bytes of a line of a text opcode. */
  private static final int MAX_LINE = 1 << 16;

  /** Bytes of a string. */
  private static final int MAX_TEXT = 1 << 24;

  private final String file;
  private final MemorySegment bytes;
  private final long base;
  private long at;

  /**
   * @param file named in faults
   * @param base where the bytes begin in the file, for faults
   */
  PickleInput(String file, MemorySegment bytes, long base) {
    this.file = file;
    this.bytes = bytes;
    this.base = base;
  }

  String file() {
    return file;
  }

  /** A fault at this place. */
  FormatException fault(String what) {
    return new FormatException(placed(what));
  }

  /** At this place stands what is not read. */
  FormatException unread(String what) {
    return FormatException.unsupported(placed(what));
  }

  private String placed(String what) {
    return "[torch] " + file + ": byte " + (base + at) + ": " + what;
  }

  private long take(long count) throws FormatException {
    if (count < 0 || count > bytes.byteSize() - at) {
      throw fault(
          "%s bytes are promised, %d are left: the file was cut, or is damaged"
              .formatted(Long.toUnsignedString(count), bytes.byteSize() - at));
    }
    long from = at;
    at += count;
    return from;
  }

  /** Passes over some bytes and says where they began. */
  long skip(long count) throws FormatException {
    return take(count);
  }

  /** Sees that so many bytes are left, and passes over none. */
  void requireLeft(long count) throws FormatException {
    at = take(count);
  }

  int u8() throws FormatException {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, take(1)));
  }

  int u16() throws FormatException {
    return Short.toUnsignedInt(bytes.get(Elements.SHORT, take(2)));
  }

  int i32() throws FormatException {
    return bytes.get(Elements.INT, take(4));
  }

  long u32() throws FormatException {
    return Integer.toUnsignedLong(i32());
  }

  long i64() throws FormatException {
    return bytes.get(Elements.LONG, take(8));
  }

  double bigEndianDouble() throws FormatException {
    return Double.longBitsToDouble(bytes.get(BIG_LONG, take(8)));
  }

  /**
   * A whole number of some little-endian bytes in two's complement. One of more than 64 bits is a
   * value whose size alone is known: nothing that is read here needs such.
   */
  Pickled whole(long count) throws FormatException {
    if (count > 8) {
      take(count);
      return new Pickled.Opaque("an integer of " + count + " bytes");
    }
    long from = take(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, from + i)) << (8 * i);
    }
    int unused = 64 - (8 * (int) count);
    return new Pickled.Whole(count == 0 ? 0 : value << unused >> unused);
  }

  /** A string of UTF-8, or of Latin-1 as Python 2 wrote it. A very long one is passed over. */
  Pickled text(long count, boolean utf8) throws FormatException {
    if (count > MAX_TEXT) {
      take(count);
      return new Pickled.Opaque("a string of " + count + " bytes");
    }
    return new Pickled.Text(string(count, utf8));
  }

  private String string(long count, boolean utf8) throws FormatException {
    byte[] raw = bytes.asSlice(take(count), count).toArray(ValueLayout.JAVA_BYTE);
    return new String(raw, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
  }

  /** A string of bytes; they stay where they are. */
  Pickled.Bytes bytes(long count) throws FormatException {
    long from = take(count);
    return new Pickled.Bytes(bytes.asSlice(from, count), base + from);
  }

  /** Up to the next line feed, which is passed over. */
  String line() throws FormatException {
    long end = at;
    while (end < bytes.byteSize() && end - at < MAX_LINE) {
      if (bytes.get(ValueLayout.JAVA_BYTE, end) == '\n') {
        String line = string(end - at, true);
        take(1);
        return line;
      }
      end++;
    }
    throw fault("a line that does not end");
  }

  /** A line that holds a whole number, with the L of Python 2's long ones. */
  Pickled wholeLine() throws FormatException {
    String line = line();
    String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
    if (!digits.matches("[+-]?[0-9]+")) {
      throw fault("'" + Printable.brief(line) + "' is not a whole number");
    }
    try {
      return new Pickled.Whole(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      return new Pickled.Opaque("an integer of " + digits.length() + " digits");
    }
  }

  /** A line that holds the number of a place in the memo. */
  long indexLine() throws FormatException {
    if (wholeLine() instanceof Pickled.Whole(long index)) {
      return index;
    }
    throw fault("a place in the memo beyond 64 bits");
  }

  double realLine() throws FormatException {
    String line = line();
    try {
      return Double.parseDouble(line);
    } catch (NumberFormatException e) {
      throw fault("'" + Printable.brief(line) + "' is not a number");
    }
  }

  /** A string of protocol 0 as Python writes it: quoted. Escapes stay as they are written. */
  Pickled.Text quotedLine() throws FormatException {
    String line = line();
    int last = line.length() - 1;
    if (last < 1 || line.charAt(0) != line.charAt(last) || "'\"".indexOf(line.charAt(0)) < 0) {
      throw fault("'" + Printable.brief(line) + "' is not a quoted string");
    }
    return new Pickled.Text(line.substring(1, last));
  }
}
