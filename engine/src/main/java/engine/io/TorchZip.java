package engine.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The layout since PyTorch 1.6: a zip file with {@code NAME/data.pkl} and {@code NAME/data/KEY} for
 * the elements of each storage; the archives of TorchScript, whose code beside them is passed over,
 * have it too. Pickle and elements are stored, never compressed: one that is compressed is refused,
 * so that nothing grows when it is read.
 */
final class TorchZip implements TorchLayout {
  private static final String PICKLE = "data.pkl";
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final long MAX_ENTRIES = 1 << 20;
  private static final long UNKNOWN = 0xFFFFFFFFL;
  private static final long SUMMED_TOGETHER = 1 << 26;

  private final String file;
  private final MemorySegment all;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Set<String> checked = new HashSet<>();
  private final String folder;
  private final Pickled root;
  private final boolean summed;

  /**
   * Where an entry's bytes lie.
   *
   * @param packed whether they are compressed
   * @param crc CRC-32 of the bytes, as the directory says
   */
  private record Entry(long begin, long size, boolean packed, int crc) {}

  TorchZip(String file, MemorySegment all) throws FormatException {
    this.file = file;
    this.all = all;
    readDirectory();
    Map.Entry<String, Entry> pickle =
        entries.entrySet().stream()
            .filter(e -> e.getKey().equals(PICKLE) || e.getKey().endsWith("/" + PICKLE))
            .min(
                Comparator.comparing((Map.Entry<String, Entry> e) -> e.getKey().length())
                    .thenComparing(Map.Entry::getKey))
            .orElseThrow(() -> unread(0, withoutPickle()));
    String name = pickle.getKey();
    this.folder = name.substring(0, name.length() - PICKLE.length());
    requireLittleEndian();
    Entry e = pickle.getValue();
    this.summed = isAsWritten(slice(name, e), e);
    this.root =
        Unpickler.read(new PickleInput(file, slice(name, e), e.begin()), new HashMap<>(), 0);
  }

  private String withoutPickle() {
    boolean numpy = entries.keySet().stream().anyMatch(name -> name.endsWith(".npy"));
    return "a zip file without data.pkl is no PyTorch checkpoint"
        + (numpy ? "; NumPy's .npz is not read: save the weights as safetensors" : "");
  }

  private void requireLittleEndian() throws FormatException {
    Entry order = entries.get(folder + "byteorder");
    if (order != null && order.size() == "big".length()) {
      throw unread(order.begin(), "elements in big-endian order, which are not read; save it anew");
    }
  }

  private FormatException fault(long at, String what) {
    return new FormatException(placed(at, what));
  }

  private FormatException unread(long at, String what) {
    return FormatException.unsupported(placed(at, what));
  }

  private String placed(long at, String what) {
    return "[torch] " + file + ": byte " + at + ": " + what;
  }

  private MemorySegment slice(String name, Entry e) throws FormatException {
    if (e.packed()) {
      throw unread(
          e.begin(),
          "'%s' is compressed, which PyTorch never does: unpack the zip file and pack it without compression (zip -0 -r), or save the checkpoint anew"
              .formatted(Printable.brief(name)));
    }
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
      throw unread(end, count + " entries of a zip file, more than are read");
    }
    long at = begin;
    for (long i = 0; i < count; i++) {
      at = readEntry(at);
    }
  }

  private long endRecord() throws FormatException {
    long last = all.byteSize() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
      if (all.get(Elements.INT, at) == END) {
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
    long stored = u32(at + 20);
    long size = u32(at + 24);
    int nameLength = u16(at + 28);
    int extraLength = u16(at + 30);
    long local = u32(at + 42);
    String name = text(at + 46, nameLength);
    long extra = at + 46 + nameLength;
    long[] wide = wide(extra, extra + extraLength, size, stored, local);
    if (i32(wide[2]) != LOCAL) {
      throw fault(wide[2], "'" + Printable.brief(name) + "' does not begin here");
    }
    long begin = wide[2] + 30 + u16(wide[2] + 26) + u16(wide[2] + 28);
    long held = wide[1];
    if (held < 0 || begin < 0 || begin > all.byteSize() - held) {
      throw fault(begin, "'" + Printable.brief(name) + "' of " + held + " bytes ends outside");
    }
    boolean packed = method != 0 || wide[0] != wide[1];
    if (entries.put(name, new Entry(begin, held, packed, i32(at + 16))) != null) {
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
    return Short.toUnsignedInt(all.get(Elements.SHORT, at));
  }

  private int i32(long at) throws FormatException {
    requireWithin(at, 4);
    return all.get(Elements.INT, at);
  }

  private long u32(long at) throws FormatException {
    return Integer.toUnsignedLong(i32(at));
  }

  private long i64(long at) throws FormatException {
    requireWithin(at, 8);
    return all.get(Elements.LONG, at);
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
    if (stored.held() != null) {
      return stored.held();
    }
    String name = folder + "data/" + stored.key();
    Entry e = entries.get(name);
    if (e == null) {
      throw fault(0, "no entry data/" + Printable.brief(stored.key()) + ": the file is damaged");
    }
    if (e.size() != stored.bytes() && !e.packed()) {
      throw fault(
          e.begin(),
          "data/%s has %d bytes, the tensors promise %d elements of %s: the file is damaged"
              .formatted(
                  Printable.brief(stored.key()), e.size(), stored.count(), stored.type().name()));
    }
    MemorySegment bytes = slice(name, e);
    // PyTorch can be told to write no sums; then those of the pickle are wrong too.
    if (summed && checked.add(name) && !isAsWritten(bytes, e)) {
      throw fault(
          e.begin(),
          "data/%s does not have the checksum that the zip file says: the file is damaged"
              .formatted(Printable.brief(stored.key())));
    }
    return bytes;
  }

  private static boolean isAsWritten(MemorySegment bytes, Entry e) {
    CRC32 sum = new CRC32();
    for (long from = 0; from < bytes.byteSize(); from += SUMMED_TOGETHER) {
      long n = Math.min(SUMMED_TOGETHER, bytes.byteSize() - from);
      sum.update(bytes.asSlice(from, n).asByteBuffer());
    }
    return (int) sum.getValue() == e.crc;
  }
}
