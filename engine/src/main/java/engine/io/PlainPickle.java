package engine.io;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;

/**
 * A pickle and nothing else, as the trainings of StyleGAN's family write; the elements of its
 * tensors lie in byte strings within it.
 */
record PlainPickle(String file, Pickled root) implements TorchLayout {
  static PlainPickle read(String file, MemorySegment all) throws FormatException {
    return new PlainPickle(file, Unpickler.read(new PickleInput(file, all, 0), new HashMap<>(), 0));
  }

  @Override
  public MemorySegment bytes(Pickled.Stored stored) throws FormatException {
    MemorySegment held = stored.held();
    if (held == null || held.byteSize() != stored.bytes()) {
      throw FormatException.unsupported(
          "[torch] %s: the elements under '%s' are not in this pickle, and nothing lies beside it"
              .formatted(file, Printable.brief(stored.key())));
    }
    return held;
  }
}
