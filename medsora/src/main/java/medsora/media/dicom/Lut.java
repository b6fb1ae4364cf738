package medsora.media.dicom;

import java.util.Optional;

/**
 * A table of a file (C.11.1.1, C.7.6.3.1.5).
 *
 * @param first the value that the first entry is for; smaller ones take it too
 * @param largest what the largest possible entry is
 * @param entries results in order; values beyond take the last
 */
record Lut(int first, int largest, int[] entries) {
  /**
   * The table in an item of the modality's or the viewer's sequence, where it is whole.
   *
   * @param signed the values looked up may be negative
   */
  static Optional<Lut> of(DataSet item, boolean signed) {
    return of(item, Tags.LUT_DESCRIPTOR, Tags.LUT_DATA, signed);
  }

  /** The same under other tags. */
  static Optional<Lut> of(DataSet data, int descriptorTag, int dataTag, boolean signed) {
    int[] descriptor = data.words(descriptorTag);
    if (descriptor.length != 3) {
      return Optional.empty();
    }
    int count = descriptor[0] == 0 ? 1 << 16 : descriptor[0];
    int bits = Math.clamp(descriptor[2], 8, 16);
    byte[] bytes = data.bytes(dataTag);
    int[] words = data.words(dataTag);
    int[] entries = new int[count];
    boolean packed = words.length < count;
    if (packed ? bytes.length < count : words.length < count) {
      return Optional.empty();
    }
    for (int i = 0; i < count; i++) {
      entries[i] = packed ? bytes[i] & 0xff : words[i];
    }
    int first = signed ? (short) descriptor[1] : descriptor[1];
    return Optional.of(new Lut(first, packed ? 255 : (1 << bits) - 1, entries));
  }

  /** The entry of a value. */
  int at(double value) {
    return entries[(int) Math.clamp(value - first, 0, entries.length - 1)];
  }
}
