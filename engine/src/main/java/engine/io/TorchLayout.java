package engine.io;

import java.lang.foreign.MemorySegment;

/** A checkpoint file taken apart: its object, and where the elements of its tensors lie. */
interface TorchLayout {
  /** What was saved. */
  Pickled root();

  /**
   * The bytes of some stored elements, exactly as many as they take.
   *
   * @throws FormatException where the file has none under that key, or another number
   */
  MemorySegment bytes(Pickled.Stored stored) throws FormatException;
}
