package engine.io;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Tensors and their elements as the calls of a pickle describe them. A view that does not lie
 * within its elements is a fault; one of elements that are not known here is an opaque value.
 */
final class TorchTensors {
  private static final int MAX_RANK = 16;

  private final PickleInput in;
  private final Map<String, Pickled.Stored> storages;

  /**
   * @param in where faults are
   * @param storages gets every storage that is mentioned, by its key
   */
  TorchTensors(PickleInput in, Map<String, Pickled.Stored> storages) {
    this.in = in;
    this.storages = storages;
  }

  /** (storage, offset, size, stride, requires_grad, hooks, bits). */
  Pickled view(Pickled.Name name, List<Pickled> arguments) throws FormatException {
    requireArguments(name, arguments, 4);
    if (arguments.size() > 6 && hasBits(arguments.get(6))) {
      return new Pickled.Opaque(name + " of conjugate or negative values");
    }
    return arguments.getFirst() instanceof Pickled.Stored stored
        ? view(stored, stored.type(), arguments)
        : opaque(name, arguments.getFirst());
  }

  /** (storage of bytes, offset, size, stride, requires_grad, hooks, dtype, bits). */
  Pickled typedView(Pickled.Name name, List<Pickled> arguments) throws FormatException {
    requireArguments(name, arguments, 7);
    if (arguments.size() > 7 && hasBits(arguments.get(7))) {
      return new Pickled.Opaque(name + " of conjugate or negative values");
    }
    if (!(arguments.getFirst() instanceof Pickled.Stored stored)) {
      return opaque(name, arguments.getFirst());
    }
    TorchType type =
        arguments.get(6) instanceof Pickled.Name dtype ? TorchType.ofDtype(dtype) : null;
    return type == null ? opaque(name, arguments.get(6)) : view(stored, type, arguments);
  }

  private void requireArguments(Pickled.Name name, List<Pickled> arguments, int wanted)
      throws FormatException {
    if (arguments.size() < wanted) {
      throw in.fault(
          "%s wants %d arguments, has %d: the pickle is damaged"
              .formatted(name, wanted, arguments.size()));
    }
  }

  /** Whether a tensor is the conjugate or the negative of its elements. */
  private static boolean hasBits(Pickled metadata) {
    return metadata instanceof Pickled.Dict bits
        && bits.items.values().stream().anyMatch(bit -> bit.equals(new Pickled.Whole(1)));
  }

  private static Pickled opaque(Pickled.Name name, Pickled elements) {
    String of =
        switch (elements) {
          case Pickled.Opaque o -> o.what;
          case Pickled.Name n -> n.toString();
          default -> "something else";
        };
    return new Pickled.Opaque(name + " of " + of);
  }

  private Pickled.View view(Pickled.Stored stored, TorchType type, List<Pickled> arguments)
      throws FormatException {
    long count = stored.bytes() / type.bytes();
    long inView = whole(arguments.get(1));
    if (inView < 0 || inView > count) {
      throw in.fault("a tensor that begins at " + inView + " of " + count + " elements");
    }
    // The offset of a legacy view counts its own elements.
    long offset = inView + stored.offset() * stored.type().bytes() / type.bytes();
    long[] shape = extents(arguments.get(2));
    long[] stride = extents(arguments.get(3));
    if (shape.length != stride.length) {
      throw in.fault("a tensor of " + shape.length + " extents and " + stride.length + " strides");
    }
    requireWithin(count, offset, shape, stride);
    return new Pickled.View(stored, type, offset, shape, stride);
  }

  /** The view lies in its elements; how many it has is counted without an overflow. */
  private void requireWithin(long stored, long offset, long[] shape, long[] stride)
      throws FormatException {
    try {
      long last = offset;
      long count = 1;
      for (int i = 0; i < shape.length; i++) {
        count = Math.multiplyExact(count, shape[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), stride[i]));
      }
      if (offset >= 0 && (count == 0 || last < stored)) {
        return;
      }
    } catch (ArithmeticException e) {
      // Falls through to the fault: sizes beyond 64 bits are outside of any storage.
    }
    throw in.fault(
        "a tensor of shape %s, stride %s, offset %d does not lie within its %d elements"
            .formatted(Arrays.toString(shape), Arrays.toString(stride), offset, stored));
  }

  private long[] extents(Pickled value) throws FormatException {
    List<Pickled> items =
        switch (value) {
          case Pickled.Tuple(List<Pickled> some) -> some;
          case Pickled.Sequence some -> some.items;
          default -> throw in.fault("a shape or stride that is not a tuple");
        };
    if (items.size() > MAX_RANK) {
      throw in.unread(
          "a tensor of " + items.size() + " dimensions, at most " + MAX_RANK + " are read");
    }
    long[] out = new long[items.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = whole(items.get(i));
      if (out[i] < 0) {
        throw in.fault("a shape or stride of " + out[i]);
      }
    }
    return out;
  }

  /**
   * ('storage', class, key, device, count), in the legacy layout also (key, offset, count) or None.
   * An id of another kind, or of a class that is not known, is an opaque value.
   */
  Pickled stored(Pickled id) throws FormatException {
    if (!(id instanceof Pickled.Tuple(List<Pickled> parts))
        || parts.size() < 5
        || !parts.getFirst().equals(new Pickled.Text("storage"))
        || !(parts.get(1) instanceof Pickled.Name name)) {
      return new Pickled.Opaque("a persistent id");
    }
    TorchType type = TorchType.ofStorage(name);
    if (type == null) {
      return new Pickled.Opaque(name.toString());
    }
    long count = whole(parts.get(4));
    if (count < 0 || count > Long.MAX_VALUE / type.bytes()) {
      throw in.fault("a storage of " + count + " elements");
    }
    long offset = 0;
    if (parts.size() > 5 && parts.get(5) instanceof Pickled.Tuple(List<Pickled> view)) {
      if (view.size() != 3) {
        throw in.fault("a view of a storage that is not (key, offset, count)");
      }
      offset = whole(view.get(1));
      if (offset < 0 || offset > count) {
        throw in.fault("a view that begins at " + offset + " of " + count + " elements");
      }
    }
    return known(string(parts.get(2)), type, count, offset);
  }

  private Pickled.Stored known(String key, TorchType type, long count, long offset)
      throws FormatException {
    Pickled.Stored whole = new Pickled.Stored(key, type, count, 0, null);
    Pickled.Stored known = storages.putIfAbsent(key, whole);
    if (known != null && !known.equals(whole)) {
      throw in.fault("two storages under '" + Printable.brief(key) + "'");
    }
    return new Pickled.Stored(key, type, count, offset, null);
  }

  private long whole(Pickled value) throws FormatException {
    if (value instanceof Pickled.Whole(long number)) {
      return number;
    }
    throw in.fault("a whole number of 64 bits is wanted here");
  }

  /** The string that a value is; numbers are taken as well. */
  String string(Pickled value) throws FormatException {
    return switch (value) {
      case Pickled.Text(String text) -> text;
      case Pickled.Whole(long number) -> Long.toString(number);
      default -> throw in.fault("a string is wanted here");
    };
  }
}
