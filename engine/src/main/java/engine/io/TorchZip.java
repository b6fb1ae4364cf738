package engine.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The layout since PyTorch 1.6: a zip file with {@code NAME/data.pkl} and {@code NAME/data/KEY} for
 * the elements of each storage. Entries are stored, never compressed: one that is compressed is
 * refused, so that nothing grows when it is read.
 */
final class TorchZip implements TorchLayout {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final long MAX_ENTRIES = 1 << 20;
  private static final long UNKNOWN = 0xFFFFFFFFL;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final MemorySegment all;
  private final Map<String, Entry> entries = new HashMap<>();
  private final String folder;
  private final Pickled root;

  /** Where an entry's bytes lie. */
  private record Entry(long begin, long size) {}

  TorchZip(String file, MemorySegment all) throws FormatException {
    this.file = file;
    this.all = all;
    readDirectory();
    String pickle =
        entries.keySet().stream()
            .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
            .min(java.util.Comparator.comparing(String::length).thenComparing(name -> name))
            .orElseThrow(() -> fault(0, "a zip file without data.pkl is no PyTorch checkpoint"));
    this.folder = pickle.substring(0, pickle.length() - "data.pkl".length());
    requireLittleEndian();
    Entry e = entries.get(pickle);
    this.root = Unpickler.read(new PickleInput(file, slice(e), e.begin()));
  }

  private void requireLittleEndian() throws FormatException {
    Entry order = entries.get(folder + "byteorder");
    if (order != null && order.size() == "big".length()) {
      throw fault(order.begin(), "elements in big-endian order; save the checkpoint anew");
    }
  }

  private FormatException fault(long at, String what) {
    return new FormatException("[torch] " + file + ": byte " + at + ": " + what);
  }

  private MemorySegment slice(Entry e) {
    return all.asSlice(e.begin(), e.size());
  }

  private void readDirectory() throws FormatException {
    long end = endRecord();
    long count = u16(end + 10);
    long begin = u32(end + 16);
    if (count == 0xFFFF || begin == UNKNOWN) {
      long at = endRecord64(end);
      count = i64(at + 32);
      begin = i64(at + 48);
    }
    if (count < 0 || count > MAX_ENTRIES) {
      throw fault(end, count + " entries of a zip file");
    }
    long at = begin;
    for (long i = 0; i < count; i++) {
      at = readEntry(at);
    }
  }

  private long endRecord() throws FormatException {
    long last = all.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
      if (all.get(INT, at) == END) {
        return at;
      }
    }
    throw fault(all.byteSize(), "a zip file whose end is missing: it was cut");
  }

  private long endRecord64(long end) throws FormatException {
    long locator = end - 20;
    if (locator < 0 || i32(locator) != LOCATOR_64 || i32(i64(locator + 8)) != END_64) {
      throw fault(end, "the directory of a large zip file is missing");
    }
    return i64(locator + 8);
  }

  /** Reads the entry of the directory that begins here, and says where the next one does. */
  private long readEntry(long at) throws FormatException {
    if (i32(at) != CENTRAL) {
      throw fault(at, "no entry of a zip directory");
    }
    int method = u16(at + 10);
    long packed = u32(at + 20);
    long size = u32(at + 24);
    int nameLength = u16(at + 28);
    int extraLength = u16(at + 30);
    long local = u32(at + 42);
    String name = text(at + 46, nameLength);
    long extra = at + 46 + nameLength;
    long[] wide = wide(extra, extra + extraLength, size, packed, local);
    if (method != 0 || wide[0] != wide[1]) {
      throw fault(at, "'" + Printable.brief(name) + "' is compressed, which checkpoints never are");
    }
    if (i32(wide[2]) != LOCAL) {
      throw fault(wide[2], "'" + Printable.brief(name) + "' does not begin here");
    }
    long begin = wide[2] + 30 + u16(wide[2] + 26) + u16(wide[2] + 28);
    if (wide[0] < 0 || begin < 0 || begin > all.byteSize() - wide[0]) {
      throw fault(begin, "'" + Printable.brief(name) + "' of " + wide[0] + " bytes ends outside");
    }
    if (entries.put(name, new Entry(begin, wide[0])) != null) {
      throw fault(at, "'" + Printable.brief(name) + "' twice");
    }
    return extra + extraLength + u16(at + 32);
  }

  /** Size, packed size and place, from the zip64 field where 32 bits do not hold them. */
  private long[] wide(long from, long to, long... values) throws FormatException {
    for (long at = from; at + 4 <= to; at += 4 + u16(at + 2)) {
      if (u16(at) == 1) {
        long next = at + 4;
        for (int i = 0; i < values.length; i++) {
          if (values[i] == UNKNOWN) {
            values[i] = i64(next);
            next += 8;
          }
        }
      }
    }
    return values;
  }

  private void requireWithin(long at, long count) throws FormatException {
    if (at < 0 || at > all.byteSize() - count) {
      throw fault(at, count + " bytes are wanted outside of the file");
    }
  }

  private int u16(long at) throws FormatException {
    requireWithin(at, 2);
    return Short.toUnsignedInt(all.get(SHORT, at));
  }

  private int i32(long at) throws FormatException {
    requireWithin(at, 4);
    return all.get(INT, at);
  }

  private long u32(long at) throws FormatException {
    return Integer.toUnsignedLong(i32(at));
  }

  private long i64(long at) throws FormatException {
    requireWithin(at, 8);
    return all.get(LONG, at);
  }

  private String text(long at, int length) throws FormatException {
    requireWithin(at, length);
    byte[] raw = all.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(raw, StandardCharsets.UTF_8);
  }

  @Override
  public Pickled root() {
    return root;
  }

  @Override
  public MemorySegment bytes(Pickled.Stored stored) throws FormatException {
    Entry e = entries.get(folder + "data/" + stored.key());
    if (e == null) {
      throw fault(0, "no entry data/" + Printable.brief(stored.key()));
    }
    if (e.size() / stored.dtype().bytes() != stored.count()
        || e.size() % stored.dtype().bytes() != 0) {
      throw fault(
          e.begin(),
          "data/%s has %d bytes, the tensors promise %d elements of %s"
              .formatted(Printable.brief(stored.key()), e.size(), stored.count(), stored.dtype()));
    }
    return slice(e);
  }
}
