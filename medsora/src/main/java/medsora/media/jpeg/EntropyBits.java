package medsora.media.jpeg;

import java.io.IOException;

/**
 * The entropy-coded bits of a JPEG's scan (ISO 10918-1, annexes B and F), up to the next marker: a
 * 0 that follows 0xff is no part of them.
 */
final class EntropyBits {
  /** Fewer are padding, with which some writers fill a byte too many. */
  private static final int PADDING = 16;

  private final byte[] jpeg;
  private final Faults place;
  private int at;
  private long kept;
  private int count;

  EntropyBits(byte[] jpeg, int at, Faults place) {
    this.jpeg = jpeg;
    this.at = at;
    this.place = place;
  }

  /** Takes in all bits that fit, if there are further ones. */
  private void fill() {
    while (count <= Long.SIZE - 2 * Byte.SIZE && at < jpeg.length) {
      int value = jpeg[at] & 0xff;
      if (value == 0xff) {
        if (at + 1 == jpeg.length || jpeg[at + 1] != 0) {
          return;
        }
        at++;
      }
      at++;
      kept = kept << Byte.SIZE | value;
      count += Byte.SIZE;
    }
  }

  /** The next 16 bits, zeros behind the last one. */
  private int ahead() {
    if (count < HuffmanTable.LONGEST) {
      fill();
    }
    int missing = HuffmanTable.LONGEST - count;
    long bits = missing > 0 ? kept << missing : kept >>> -missing;
    return (int) bits & 0xffff;
  }

  /** The next value of a Huffman code. */
  int value(HuffmanTable table) throws IOException {
    int ahead = ahead();
    int length = table.length(ahead);
    if (length == 0 && count >= HuffmanTable.LONGEST) {
      throw place.fault("a JPEG with bits that are no Huffman code");
    }
    if (length == 0 || length > count) {
      throw place.fault("a JPEG whose data end early");
    }
    count -= length;
    return table.value(ahead);
  }

  /** The next bits as a number; 16 at most. */
  int bits(int wanted) throws IOException {
    int ahead = ahead();
    if (wanted > count) {
      throw place.fault("a JPEG whose data end early");
    }
    count -= wanted;
    return ahead >>> (HuffmanTable.LONGEST - wanted);
  }

  /**
   * Ends here, where nothing but padding may be left.
   *
   * @return where the next marker begins, or the end of the JPEG
   */
  int end() throws IOException {
    fill();
    if (count >= PADDING) {
      throw place.fault("a JPEG with more data than its pixels take");
    }
    return at;
  }
}
