package engine.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of a file with a place in them; every read is within the bytes, or a fault that says where.
 */
final class PickleInput {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
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

  FormatException fault(String what) {
    return new FormatException("[torch] " + file + ": byte " + (base + at) + ": " + what);
  }

  private long take(long count) throws FormatException {
    if (count < 0 || count > bytes.byteSize() - at) {
      throw fault(count + " bytes are promised, " + (bytes.byteSize() - at) + " are left");
    }
    long from = at;
    at += count;
    return from;
  }

  /** Passes over some bytes and says where they began. */
  long skip(long count) throws FormatException {
    return take(count);
  }

  int u8() throws FormatException {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, take(1)));
  }

  int u16() throws FormatException {
    return Short.toUnsignedInt(bytes.get(SHORT, take(2)));
  }

  int i32() throws FormatException {
    return bytes.get(INT, take(4));
  }

  long u32() throws FormatException {
    return Integer.toUnsignedLong(i32());
  }

  long i64() throws FormatException {
    return bytes.get(LONG, take(8));
  }

  double bigEndianDouble() throws FormatException {
    return Double.longBitsToDouble(bytes.get(BIG_LONG, take(8)));
  }

  /** A whole number of some little-endian bytes in two's complement; up to 8 of them count. */
  long whole(long count) throws FormatException {
    if (count > 8) {
      // Larger ones occur as the magic number only, which is checked before.
      throw fault("a whole number of " + count + " bytes, more than 64 bits");
    }
    long from = take(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, from + i)) << (8 * i);
    }
    int unused = 64 - (8 * (int) count);
    return count == 0 ? 0 : value << unused >> unused;
  }

  /** UTF-8, or Latin-1 for the strings of Python 2 and for bytes. */
  String text(long count, boolean utf8) throws FormatException {
    if (count > MAX_TEXT) {
      throw fault("a string of " + count + " bytes");
    }
    byte[] raw = bytes.asSlice(take(count), count).toArray(ValueLayout.JAVA_BYTE);
    return new String(raw, utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
  }

  /** Up to the next line feed, which is passed over. */
  String line() throws FormatException {
    long end = at;
    while (end < bytes.byteSize() && end - at < MAX_LINE) {
      if (bytes.get(ValueLayout.JAVA_BYTE, end) == '\n') {
        String line = text(end - at, true);
        take(1);
        return line;
      }
      end++;
    }
    throw fault("a line that does not end");
  }

  /** A line that holds a whole number, with the L of Python 2's long ones. */
  long wholeLine() throws FormatException {
    String line = line();
    try {
      return Long.parseLong(line.endsWith("L") ? line.substring(0, line.length() - 1) : line);
    } catch (NumberFormatException e) {
      throw fault("'" + Printable.brief(line) + "' is not a whole number of 64 bits");
    }
  }

  double realLine() throws FormatException {
    String line = line();
    try {
      return Double.parseDouble(line);
    } catch (NumberFormatException e) {
      throw fault("'" + Printable.brief(line) + "' is not a number");
    }
  }
}
