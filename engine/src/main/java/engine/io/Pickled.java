package engine.io;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle may hold here. Everything is data: a class that a pickle names is a word, an object
 * of it a word with contents.
 */
sealed interface Pickled {
  /** None. */
  enum None implements Pickled {
    NONE
  }

  /** A string of either Python. */
  record Text(String value) implements Pickled {}

  /**
   * A string of bytes, where it lies in the file.
   *
   * @param at its first byte in the file, for faults
   */
  record Bytes(MemorySegment data, long at) implements Pickled {}

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

  /** A dict or what is one in all but name; of equal keys the last counts. */
  final class Dict implements Pickled {
    final Map<Object, Pickled> items = new LinkedHashMap<>();

    /** The value under a name, or null. */
    @Nullable Pickled get(String key) {
      return items.get(key);
    }

    /** Names and numbers are keys by value, all else by identity. */
    void put(Pickled key, Pickled value) {
      items.put(
          switch (key) {
            case Text t -> t.value();
            case Whole w -> w.value();
            default -> new Object();
          },
          value);
    }
  }

  /** A class or function by its name; it is not looked for. */
  record Name(String module, String name) implements Pickled {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /**
   * An object of a class that means nothing here, such as the settings of a training: what it was
   * given, for modules and dicts by another name are among them.
   */
  final class Opaque implements Pickled {
    /** The class or function that it comes of, or what it is in words. */
    final String what;

    /** What a call by that name was given. */
    final List<Pickled> arguments;

    /** Entries that were set as of a dict. */
    final Dict entries = new Dict();

    /** Items that were appended as to a list. */
    final Sequence items = new Sequence();

    /** What was set as its state: its attributes, mostly. */
    @Nullable Pickled state;

    Opaque(String what) {
      this(what, List.of());
    }

    Opaque(String what, List<Pickled> arguments) {
      this.what = what;
      this.arguments = List.copyOf(arguments);
    }

    /** Its attributes, where its state has such; else null. */
    @Nullable Dict attributes() {
      return switch (state) {
        case Dict d -> d;
        // (attributes, slots)
        case Tuple(List<Pickled> two) when two.size() == 2 && two.getFirst() instanceof Dict d -> d;
        case null, default -> null;
      };
    }

    /** Whether a tensor was to be made that cannot be read here: quantized, sparse, nested. */
    boolean isTensor() {
      return what.startsWith("torch.") && what.contains("._rebuild");
    }
  }

  /**
   * Elements in the file.
   *
   * @param key under which they are stored
   * @param type what one element is
   * @param count how many there are
   * @param offset where a legacy view begins in them
   * @param held the bytes themselves, where they lie within the pickle; else null
   */
  record Stored(String key, TorchType type, long count, long offset, @Nullable MemorySegment held)
      implements Pickled {
    long bytes() {
      return count * type.bytes();
    }
  }

  /**
   * A tensor: a strided view of stored elements. Strides may be 0, never negative.
   *
   * @param type of its elements, which is that of the stored ones unless these are bytes
   * @param offset in elements of the view
   */
  record View(Stored stored, TorchType type, long offset, long[] shape, long[] stride)
      implements Pickled {
    /** Elements of the view; {@link TorchTensors} saw that they are countable. */
    long count() {
      long count = 1;
      for (long extent : shape) {
        count *= extent;
      }
      return count;
    }

    /** Whether its elements lie one after the other in row-major order. */
    boolean isContiguous() {
      long wanted = 1;
      for (int i = shape.length - 1; i >= 0; i--) {
        if (shape[i] != 1 && stride[i] != wanted) {
          return false;
        }
        wanted *= shape[i];
      }
      return true;
    }
  }
}
