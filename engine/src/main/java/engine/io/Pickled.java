package engine.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pickle may hold here. Everything is data: a class that a pickle names is a word, an object
 * of it a word with contents.
 */
sealed interface Pickled {
  /** None. */
  enum None implements Pickled {
    NONE
  }

  /** A string of either Python; bytes are read as Latin-1. */
  record Text(String value) implements Pickled {}

  /** A whole number of up to 64 bits, or a boolean. */
  record Whole(long value) implements Pickled {}

  /** A floating number. */
  record Real(double value) implements Pickled {}

  /** A tuple. */
  record Tuple(List<Pickled> items) implements Pickled {}

  /** A list or a set. Identity matters, not contents: a list may hold itself. */
  final class Sequence implements Pickled {
    final List<Pickled> items = new ArrayList<>();
  }

  /** A dict or an OrderedDict; of equal keys the last counts. */
  final class Dict implements Pickled {
    final Map<Object, Pickled> items = new LinkedHashMap<>();
  }

  /** A name of the allow-list. */
  record Name(PickleGlobal global) implements Pickled {}

  /** An object that means nothing here, such as the settings of a training. */
  final class Opaque implements Pickled {}

  /**
   * Elements in the file.
   *
   * @param key under which they are stored
   * @param dtype what one element is
   * @param count how many there are
   * @param offset where a legacy view begins in them
   */
  record Stored(String key, Dtype dtype, long count, long offset) implements Pickled {}

  /** A tensor: a strided view of stored elements. Strides may be 0, never negative. */
  record View(Stored stored, long offset, long[] shape, long[] stride) implements Pickled {}
}
