package medsora.media.dicom;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the elements of data sets one after the other (part 5, section 7). Depth, counts and kept
 * bytes are bounded; what is not kept is passed over without being held.
 */
final class ElementReader {
  static final long UNDEFINED = 0xffffffffL;

  private static final int MAX_DEPTH = 16;
  private static final int MAX_ELEMENTS = 4_000_000;
  private static final int MAX_VALUE = 1 << 24;
  private static final long MAX_KEPT = 1L << 26;

  /** Representations whose length takes four bytes. */
  private static final Set<String> LONG =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  /** The pixel data, at whose value the reading stopped. */
  record Pixels(int tag, String representation, long length) {}

  private record Header(int tag, String representation, long length) {
    boolean sequence() {
      // Without a representation (implicit), only sequences have no length.
      return representation.equals("SQ")
          || Tags.SEQUENCES.contains(tag)
          || (length == UNDEFINED && !Tags.pixels(tag));
    }
  }

  private final DicomInput in;
  private final boolean bigEndian;
  private long elements;
  private long kept;
  private @Nullable Pixels pixels;

  ElementReader(DicomInput in, boolean bigEndian) {
    this.in = in;
    this.bigEndian = bigEndian;
    in.bigEndian(bigEndian);
  }

  /** Where the pixel data begin, after {@link #dataSet}; null where the file has none. */
  @Nullable Pixels pixels() {
    return pixels;
  }

  /** The group of file information, which always is explicit and little endian. */
  DataSet information() throws IOException {
    DataSet out = new DataSet(in.position(), false);
    while (isInformation(in.peek(2))) {
      element(header(true), out, true, 0);
    }
    return out;
  }

  private static boolean isInformation(byte[] ahead) {
    return ahead.length == 2 && ahead[0] == 2 && ahead[1] == 0;
  }

  /** A whole data set, up to its pixel data or its end. */
  DataSet dataSet(boolean explicit) throws IOException {
    DataSet out = new DataSet(in.position(), bigEndian);
    while (in.peek(1).length > 0) {
      Header header = header(explicit);
      if (Tags.pixels(header.tag)) {
        pixels = new Pixels(header.tag, header.representation, header.length);
        return out;
      }
      element(header, out, explicit, 0);
    }
    return out;
  }

  private Header header(boolean explicit) throws IOException {
    if (++elements > MAX_ELEMENTS) {
      throw in.fault("more than " + MAX_ELEMENTS + " elements before the pixel data");
    }
    int tag = in.tag();
    if (tag >>> 16 == 0xfffe || !explicit) {
      return new Header(tag, "", in.u32());
    }
    byte[] letters = in.bytes(2);
    if (!letter(letters[0]) || !letter(letters[1])) {
      throw in.fault(Tags.text(tag) + " has no value representation");
    }
    String representation = "" + (char) letters[0] + (char) letters[1];
    if (!LONG.contains(representation)) {
      return new Header(tag, representation, in.u16());
    }
    in.u16();
    return new Header(tag, representation, in.u32());
  }

  private static boolean letter(byte b) {
    return b >= 'A' && b <= 'Z';
  }

  private void element(Header header, DataSet out, boolean explicit, int depth) throws IOException {
    if (header.tag >>> 16 == 0xfffe) {
      throw in.fault("an item " + Tags.text(header.tag) + " outside of a sequence");
    }
    if (header.sequence()) {
      // A sequence of unknown representation is implicit whatever surrounds it.
      boolean inner = explicit && !header.representation.equals("UN");
      if (Tags.SEQUENCES.contains(header.tag)) {
        out.put(header.tag, sequence(header, inner, true, depth + 1));
      } else if (header.length == UNDEFINED) {
        sequence(header, inner, false, depth + 1);
      } else {
        in.skip(header.length);
      }
    } else if (Tags.kept(header.tag)) {
      out.put(header.tag, value(header));
    } else {
      in.skip(header.length);
    }
  }

  private byte[] value(Header header) throws IOException {
    kept += header.length;
    if (header.length > MAX_VALUE || kept > MAX_KEPT) {
      throw in.fault(Tags.text(header.tag) + " claims " + header.length + " bytes");
    }
    byte[] value = in.bytes((int) header.length);
    return Tags.IDENTIFYING.contains(header.tag) ? digest(value) : value;
  }

  /** Tells values apart without holding them. */
  static byte[] digest(byte[] value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private List<DataSet> sequence(Header header, boolean explicit, boolean keep, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw in.fault("sequences nest deeper than " + MAX_DEPTH);
    }
    List<DataSet> items = new ArrayList<>();
    long end = header.length == UNDEFINED ? Long.MAX_VALUE : in.position() + header.length;
    while (in.position() < end) {
      long begin = in.position();
      Header item = header(explicit);
      if (item.tag == Tags.SEQUENCE_END && header.length == UNDEFINED) {
        return items;
      }
      if (item.tag != Tags.ITEM) {
        throw in.fault(
            "%s in the sequence %s where an item is due"
                .formatted(Tags.text(item.tag), Tags.text(header.tag)));
      }
      DataSet inner = new DataSet(begin, bigEndian);
      item(item, inner, explicit, depth);
      if (keep) {
        items.add(inner);
      }
    }
    if (in.position() > end) {
      throw in.fault("the sequence " + Tags.text(header.tag) + " is longer than it says");
    }
    return items;
  }

  private void item(Header item, DataSet out, boolean explicit, int depth) throws IOException {
    long end = item.length == UNDEFINED ? Long.MAX_VALUE : in.position() + item.length;
    while (in.position() < end) {
      Header header = header(explicit);
      if (header.tag == Tags.ITEM_END && item.length == UNDEFINED) {
        return;
      }
      if (Tags.pixels(header.tag) && header.length == UNDEFINED) {
        fragments(header);
      } else {
        element(header, out, explicit, depth);
      }
    }
    if (in.position() > end) {
      throw in.fault("an item is longer than it says");
    }
  }

  /** Passes over encapsulated pixel data inside of an item, such as those of an icon. */
  private void fragments(Header pixelData) throws IOException {
    for (Header f = header(false); f.tag != Tags.SEQUENCE_END; f = header(false)) {
      if (f.tag != Tags.ITEM || f.length == UNDEFINED) {
        throw in.fault("no fragments in " + Tags.text(pixelData.tag));
      }
      in.skip(f.length);
    }
  }
}
