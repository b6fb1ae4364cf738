package engine.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The layout before PyTorch 1.6: pickles one after the other (magic number, protocol version,
 * system, the object, the keys of its storages), then for each key the number of its elements as 64
 * bits and the elements. Storages that are pickled one by one still have it.
 */
final class TorchLegacy implements TorchLayout {
  /** The magic number as a whole number of 10 bytes, and the end of its pickle. */
  private static final byte[] MAGIC = {
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private static final int PROTOCOL = 2;

  /** From protocol 4 on pickles come in frames: an opcode and a length of 8 bytes. */
  private static final int FRAME = 9;

  private static final long VERSION = 1001;

  private final String file;
  private final int first;
  private final Pickled root;
  private final Map<String, MemorySegment> rests = new HashMap<>();

  /**
   * @param base where the bytes begin in the file
   * @param depth how many pickles these lie within
   */
  TorchLegacy(String file, MemorySegment all, long base, int depth) throws FormatException {
    this.file = file;
    this.first = magic(all);
    PickleInput in = new PickleInput(file, all.asSlice(first), base + first);
    if (!(Unpickler.read(in) instanceof Pickled.Whole(long version)) || version != VERSION) {
      throw in.unread("a legacy checkpoint of another version than " + VERSION);
    }
    requireLittleEndian(in, Unpickler.read(in));
    Map<String, Pickled.Stored> storages = new HashMap<>();
    this.root = Unpickler.read(in, storages, depth);
    if (!(Unpickler.read(in) instanceof Pickled.Sequence keys)) {
      throw in.fault("the keys of the storages are no list: the file is damaged");
    }
    for (Pickled key : keys.items) {
      readStorage(in, all, key, storages);
    }
  }

  /** Whether some bytes begin so. */
  static boolean begins(MemorySegment bytes) {
    return magic(bytes) > 0;
  }

  /**
   * Length of the first pickle, of any protocol from 2 on, where it is the magic number; else 0.
   */
  private static int magic(MemorySegment bytes) {
    if (bytes.byteSize() <= PROTOCOL + FRAME
        || bytes.get(ValueLayout.JAVA_BYTE, 0) != (byte) 0x80) {
      return 0;
    }
    boolean framed = bytes.get(ValueLayout.JAVA_BYTE, PROTOCOL) == (byte) 0x95;
    int at = framed ? PROTOCOL + FRAME : PROTOCOL;
    int end = at + MAGIC.length;
    boolean magic =
        bytes.byteSize() > end
            && bytes.asSlice(at, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) < 0;
    return magic ? end : 0;
  }

  private static void requireLittleEndian(PickleInput in, Pickled system) throws FormatException {
    if (system instanceof Pickled.Dict d
        && d.get("little_endian") instanceof Pickled.Whole(long little)
        && little == 0) {
      throw in.unread("elements in big-endian order, which are not read; save the checkpoint anew");
    }
  }

  private void readStorage(
      PickleInput in, MemorySegment all, Pickled key, Map<String, Pickled.Stored> storages)
      throws FormatException {
    String name =
        switch (key) {
          case Pickled.Text(String text) -> text;
          case Pickled.Whole(long number) -> Long.toString(number);
          default -> throw in.fault("a key that is no string: the file is damaged");
        };
    Pickled.Stored stored = storages.get(name);
    if (stored == null) {
      throw in.unread(
          "elements under '%s', of a type that is not known or that no tensor names: what follows cannot be found"
              .formatted(Printable.brief(name)));
    }
    long count = in.i64();
    if (count != stored.count() || count > all.byteSize() / stored.type().bytes()) {
      throw in.fault(
          "%d elements under '%s', the tensors promise %d: the file was cut, or is damaged"
              .formatted(count, Printable.brief(name), stored.count()));
    }
    rests.put(name, all.asSlice(first + in.skip(stored.bytes()), stored.bytes()));
  }

  @Override
  public Pickled root() {
    return root;
  }

  /** The object; where it is a storage, with its elements. */
  Pickled heldRoot() {
    if (!(root instanceof Pickled.Stored s)) {
      return root;
    }
    @Nullable MemorySegment held = rests.get(s.key());
    return new Pickled.Stored(s.key(), s.type(), s.count(), s.offset(), held);
  }

  @Override
  public MemorySegment bytes(Pickled.Stored stored) throws FormatException {
    MemorySegment found = stored.held() == null ? rests.get(stored.key()) : stored.held();
    if (found == null || found.byteSize() != stored.bytes()) {
      throw new FormatException(
          "[torch] %s: no elements under '%s': the file was cut, or is damaged"
              .formatted(file, Printable.brief(stored.key())));
    }
    return found;
  }
}
