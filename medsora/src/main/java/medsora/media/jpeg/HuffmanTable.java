package medsora.media.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A Huffman code of JPEG (ISO 10918-1, annex C).
 *
 * @param entries for each 16 bits, the length of the code with which they begin times 256 plus its
 *     value; 0 where no code begins so
 * @param bytes that it takes in its segment
 */
record HuffmanTable(short[] entries, int bytes) {
  static final int LONGEST = 16;

  /**
   * Reads a table: 16 counts of codes, one for each length, and their values.
   *
   * @return null where there is none
   */
  static @Nullable HuffmanTable of(byte[] segment, int begin, int end) {
    if (begin + LONGEST > end) {
      return null;
    }
    short[] entries = new short[1 << LONGEST];
    int value = begin + LONGEST;
    int code = 0;
    for (int length = 1; length <= LONGEST; length++) {
      for (int n = segment[begin + length - 1] & 0xff; n > 0; n--, value++) {
        int next = code + (1 << (LONGEST - length));
        if (value >= end || next > entries.length) {
          return null;
        }
        Arrays.fill(entries, code, next, (short) (length << 8 | (segment[value] & 0xff)));
        code = next;
      }
    }
    return new HuffmanTable(entries, value - begin);
  }

  /** Length of the code with which 16 bits begin; 0 where there is none. */
  int length(int bits) {
    return entries[bits] >> 8;
  }

  /** Its value. */
  int value(int bits) {
    return entries[bits] & 0xff;
  }
}
