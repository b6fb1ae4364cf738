package engine.io;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The layout before PyTorch 1.6: pickles one after the other (magic number, protocol version,
 * system, the object, the keys of its storages), then for each key the number of its elements as 64
 * bits and the elements.
 */
final class TorchLegacy implements TorchLayout {
  /** The first pickle: protocol 2, the magic number as a whole number of 10 bytes, the end. */
  static final byte[] MAGIC = {
    (byte) 0x80,
    2,
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

  private static final long VERSION = 1001;

  private final String file;
  private final Pickled root;
  private final Map<String, MemorySegment> rests = new HashMap<>();

  TorchLegacy(String file, MemorySegment all) throws FormatException {
    this.file = file;
    PickleInput in = new PickleInput(file, all.asSlice(MAGIC.length), MAGIC.length);
    if (!(Unpickler.read(in) instanceof Pickled.Whole(long version)) || version != VERSION) {
      throw in.fault("a legacy checkpoint of another version than " + VERSION);
    }
    Unpickler.read(in);
    Map<String, Pickled.Stored> storages = new HashMap<>();
    this.root = Unpickler.read(in, storages);
    if (!(Unpickler.read(in) instanceof Pickled.Sequence keys)) {
      throw in.fault("the keys of the storages are no list");
    }
    for (Pickled key : keys.items) {
      readStorage(in, all, key, storages);
    }
  }

  private void readStorage(
      PickleInput in, MemorySegment all, Pickled key, Map<String, Pickled.Stored> storages)
      throws FormatException {
    String name =
        switch (key) {
          case Pickled.Text(String text) -> text;
          case Pickled.Whole(long number) -> Long.toString(number);
          default -> throw in.fault("a key that is no string");
        };
    Pickled.Stored stored = storages.get(name);
    if (stored == null) {
      throw in.fault("elements under '" + Printable.brief(name) + "', which no tensor uses");
    }
    long count = in.i64();
    if (count != stored.count() || count > all.byteSize() / stored.dtype().bytes()) {
      throw in.fault(
          "%d elements under '%s', the tensors promise %d"
              .formatted(count, Printable.brief(name), stored.count()));
    }
    long bytes = count * stored.dtype().bytes();
    rests.put(name, all.asSlice(MAGIC.length + in.skip(bytes), bytes));
  }

  @Override
  public Pickled root() {
    return root;
  }

  @Override
  public MemorySegment bytes(Pickled.Stored stored) throws FormatException {
    MemorySegment found = rests.get(stored.key());
    if (found == null || found.byteSize() / stored.dtype().bytes() != stored.count()) {
      throw new FormatException(
          "[torch] " + file + ": no elements under '" + Printable.brief(stored.key()) + "'");
    }
    return found;
  }
}
