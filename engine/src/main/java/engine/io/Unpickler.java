package engine.io;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle (protocols 0 to 4) as data. The opcodes that checkpoints use are followed; names
 * are taken from the allow-list of {@link PickleGlobal}, and what would call them builds tensors,
 * dicts or nothing. Any other opcode or name ends the reading with its name and place. The stack,
 * the memo and the number of objects are bounded, so that a small file cannot take much memory or
 * time.
 */
final class Unpickler {
  private static final int MAX_OBJECTS = 1 << 22;
  private static final int MAX_RANK = 16;

  private final PickleInput in;
  private final Map<String, Pickled.Stored> storages;
  private final List<Pickled> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Pickled> memo = new HashMap<>();
  private int objects;

  private Unpickler(PickleInput in, Map<String, Pickled.Stored> storages) {
    this.in = in;
    this.storages = storages;
  }

  /** The object of the pickle that begins here; the input then stands behind it. */
  static Pickled read(PickleInput in) throws FormatException {
    return read(in, new HashMap<>());
  }

  /**
   * The same.
   *
   * @param storages gets every storage that is mentioned, by its key
   */
  static Pickled read(PickleInput in, Map<String, Pickled.Stored> storages) throws FormatException {
    return new Unpickler(in, storages).run();
  }

  private Pickled run() throws FormatException {
    while (true) {
      int opcode = in.u8();
      if (opcode == '.') {
        return pop();
      }
      step(opcode);
      if (++objects > MAX_OBJECTS) {
        throw in.fault("more than " + MAX_OBJECTS + " opcodes");
      }
    }
  }

  private void step(int opcode) throws FormatException {
    switch (opcode) {
      case 0x80 -> protocol();
      case 0x95 -> in.i64(); // FRAME: a length that only helps buffering
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case '1' -> sinceMark();
      case '2' -> push(top());
      default -> constant(opcode);
    }
  }

  private void protocol() throws FormatException {
    int version = in.u8();
    if (version > 5) {
      throw in.fault("pickle protocol " + version + ", known are 0 to 5");
    }
  }

  private void constant(int opcode) throws FormatException {
    switch (opcode) {
      case 'N' -> push(Pickled.None.NONE);
      case 0x88 -> push(new Pickled.Whole(1));
      case 0x89 -> push(new Pickled.Whole(0));
      case 'K' -> push(new Pickled.Whole(in.u8()));
      case 'M' -> push(new Pickled.Whole(in.u16()));
      case 'J' -> push(new Pickled.Whole(in.i32()));
      case 0x8a -> push(new Pickled.Whole(in.whole(in.u8())));
      case 0x8b -> push(new Pickled.Whole(in.whole(in.u32())));
      case 'I' -> push(new Pickled.Whole(in.wholeLine()));
      case 'L' -> push(new Pickled.Whole(in.wholeLine()));
      case 'G' -> push(new Pickled.Real(in.bigEndianDouble()));
      case 'F' -> push(new Pickled.Real(in.realLine()));
      default -> text(opcode);
    }
  }

  private void text(int opcode) throws FormatException {
    switch (opcode) {
      case 'X' -> push(new Pickled.Text(in.text(in.u32(), true)));
      case 0x8c -> push(new Pickled.Text(in.text(in.u8(), true)));
      case 0x8d -> push(new Pickled.Text(in.text(in.i64(), true)));
      case 'V' -> push(new Pickled.Text(in.line()));
      case 'U', 'C' -> push(new Pickled.Text(in.text(in.u8(), false)));
      case 'T', 'B' -> push(new Pickled.Text(in.text(in.u32(), false)));
      case 0x8e -> push(new Pickled.Text(in.text(in.i64(), false)));
      case 'S' -> push(new Pickled.Text(quoted(in.line())));
      default -> container(opcode);
    }
  }

  /** A string of protocol 0 as Python writes it: quoted; escapes do not occur in names. */
  private String quoted(String line) throws FormatException {
    int last = line.length() - 1;
    boolean quotes =
        last > 0 && line.charAt(0) == line.charAt(last) && "'\"".indexOf(line.charAt(0)) >= 0;
    if (!quotes || line.indexOf('\\') >= 0) {
      throw in.fault("'" + Printable.brief(line) + "' is not a plain quoted string");
    }
    return line.substring(1, last);
  }

  private void container(int opcode) throws FormatException {
    switch (opcode) {
      case ']', 0x8f -> push(new Pickled.Sequence());
      case '}' -> push(new Pickled.Dict());
      case ')' -> push(new Pickled.Tuple(List.of()));
      case 't' -> push(new Pickled.Tuple(List.copyOf(sinceMark())));
      case 0x85 -> push(new Pickled.Tuple(popped(1)));
      case 0x86 -> push(new Pickled.Tuple(popped(2)));
      case 0x87 -> push(new Pickled.Tuple(popped(3)));
      case 'l', 0x91 -> push(sequence(sinceMark()));
      case 'd' -> push(put(new Pickled.Dict(), sinceMark()));
      case 'a' -> append(popped(1));
      case 'e', 0x90 -> append(sinceMark());
      case 's' -> setItems(popped(2));
      case 'u' -> setItems(sinceMark());
      default -> memory(opcode);
    }
  }

  private static Pickled.Sequence sequence(List<Pickled> items) {
    Pickled.Sequence s = new Pickled.Sequence();
    s.items.addAll(items);
    return s;
  }

  private void append(List<Pickled> items) throws FormatException {
    switch (top()) {
      case Pickled.Sequence s -> s.items.addAll(items);
      case Pickled.Opaque o -> {}
      default -> throw in.fault("items for something that is not a list");
    }
  }

  private void setItems(List<Pickled> pairs) throws FormatException {
    switch (top()) {
      case Pickled.Dict d -> put(d, pairs);
      case Pickled.Opaque o -> {}
      default -> throw in.fault("entries for something that is not a dict");
    }
  }

  private Pickled.Dict put(Pickled.Dict dict, List<Pickled> pairs) throws FormatException {
    if (pairs.size() % 2 != 0) {
      throw in.fault("a key without a value");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      dict.items.put(key(pairs.get(i)), pairs.get(i + 1));
    }
    return dict;
  }

  /** Names and numbers are keys by value, all else by identity. */
  private static Object key(Pickled key) {
    return switch (key) {
      case Pickled.Text t -> t.value();
      case Pickled.Whole w -> w.value();
      default -> new Object();
    };
  }

  private void memory(int opcode) throws FormatException {
    switch (opcode) {
      case 'q' -> memo.put((long) in.u8(), top());
      case 'r' -> memo.put(in.u32(), top());
      case 'p' -> memo.put(in.wholeLine(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(remembered(in.u8()));
      case 'j' -> push(remembered(in.u32()));
      case 'g' -> push(remembered(in.wholeLine()));
      default -> object(opcode);
    }
  }

  private Pickled remembered(long index) throws FormatException {
    Pickled found = memo.get(index);
    if (found == null) {
      throw in.fault("nothing was remembered under " + index);
    }
    return found;
  }

  private void object(int opcode) throws FormatException {
    switch (opcode) {
      case 'c' -> push(global(in.line(), in.line()));
      case 0x93 -> {
        List<Pickled> names = popped(2);
        push(global(string(names.get(0)), string(names.get(1))));
      }
      case 'R', 0x81 -> {
        List<Pickled> call = popped(2);
        push(called(call.get(0), call.get(1)));
      }
      case 'b' -> build(popped(1).get(0));
      case 'Q' -> push(stored(pop()));
      default ->
          throw in.fault(
              "opcode 0x%02x%s is not among those that are read; nothing of a file is run"
                  .formatted(
                      opcode, opcode > ' ' && opcode < 127 ? " '" + (char) opcode + "'" : ""));
    }
  }

  private Pickled global(String module, String name) throws FormatException {
    PickleGlobal global = PickleGlobal.of(module, name);
    if (global == null) {
      throw in.fault(
          "the global '"
              + Printable.brief(module + "." + name)
              + "' is not among those that are read; nothing of a file is run. Save the bare"
              + " state_dict() instead");
    }
    return new Pickled.Name(global);
  }

  private Pickled called(Pickled function, Pickled arguments) throws FormatException {
    if (!(function instanceof Pickled.Name(PickleGlobal global))
        || !(arguments instanceof Pickled.Tuple(List<Pickled> items))) {
      throw in.fault("a call of something that is not a name, or without arguments");
    }
    return switch (global.meaning()) {
      case ORDERED_DICT -> orderedDict(items);
      case SEQUENCE, SIZE -> items.isEmpty() ? new Pickled.Sequence() : items.get(0);
      case TENSOR, TENSOR_V2 -> view(global, items);
      case PARAMETER -> parameter(items);
      case INERT -> new Pickled.Opaque();
      case STORAGE -> throw in.fault("a storage that is made by a call of " + global);
    };
  }

  /** OrderedDict(), or of a list of pairs as Python 2 wrote it. */
  private Pickled orderedDict(List<Pickled> arguments) throws FormatException {
    Pickled.Dict dict = new Pickled.Dict();
    if (arguments.isEmpty()) {
      return dict;
    }
    if (!(arguments.get(0) instanceof Pickled.Sequence pairs)) {
      throw in.fault("an OrderedDict of something that is not a list");
    }
    for (Pickled pair : pairs.items) {
      switch (pair) {
        case Pickled.Tuple(List<Pickled> two) when two.size() == 2 -> put(dict, two);
        case Pickled.Sequence two when two.items.size() == 2 -> put(dict, two.items);
        default -> throw in.fault("an OrderedDict of something that is not pairs");
      }
    }
    return dict;
  }

  private Pickled parameter(List<Pickled> arguments) throws FormatException {
    if (arguments.isEmpty() || !(arguments.get(0) instanceof Pickled.View view)) {
      throw in.fault("a parameter without a tensor");
    }
    return view;
  }

  /** (storage, offset, size, stride, ...). */
  private Pickled.View view(PickleGlobal global, List<Pickled> arguments) throws FormatException {
    if (arguments.size() < 4 || !(arguments.get(0) instanceof Pickled.Stored stored)) {
      throw in.fault(global + " wants (storage, offset, size, stride)");
    }
    long inView = whole(arguments.get(1));
    if (inView < 0 || inView > stored.count()) {
      throw in.fault("a tensor that begins at " + inView + " of " + stored.count() + " elements");
    }
    long offset = inView + stored.offset();
    long[] shape = extents(arguments.get(2));
    long[] stride = extents(arguments.get(3));
    if (shape.length != stride.length) {
      throw in.fault("a tensor of " + shape.length + " extents and " + stride.length + " strides");
    }
    requireWithin(stored, offset, shape, stride);
    return new Pickled.View(stored, offset, shape, stride);
  }

  /** The view lies in its elements, and has no more of them than are there. */
  private void requireWithin(Pickled.Stored stored, long offset, long[] shape, long[] stride)
      throws FormatException {
    try {
      long last = offset;
      long count = 1;
      for (int i = 0; i < shape.length; i++) {
        count = Math.multiplyExact(count, shape[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape[i] - 1), stride[i]));
      }
      if (offset >= 0 && count <= stored.count() && (count == 0 || last < stored.count())) {
        return;
      }
    } catch (ArithmeticException e) {
      // Falls through to the fault: sizes beyond 64 bits are outside of any storage.
    }
    throw in.fault(
        "a tensor of shape %s, stride %s, offset %d does not lie within its %d elements"
            .formatted(
                java.util.Arrays.toString(shape),
                java.util.Arrays.toString(stride),
                offset,
                stored.count()));
  }

  private long[] extents(Pickled value) throws FormatException {
    List<Pickled> items =
        switch (value) {
          case Pickled.Tuple(List<Pickled> some) -> some;
          case Pickled.Sequence some -> some.items;
          default -> throw in.fault("a shape or stride that is not a tuple");
        };
    if (items.size() > MAX_RANK) {
      throw in.fault("a tensor of " + items.size() + " dimensions");
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
   */
  private Pickled.Stored stored(Pickled id) throws FormatException {
    if (!(id instanceof Pickled.Tuple(List<Pickled> parts))
        || parts.size() < 5
        || !(parts.get(0) instanceof Pickled.Text(String kind))
        || !kind.equals("storage")
        || !(parts.get(1) instanceof Pickled.Name(PickleGlobal global))
        || global.meaning() != PickleGlobal.Meaning.STORAGE) {
      throw in.fault("a persistent id that is not ('storage', class, key, device, count)");
    }
    long count = whole(parts.get(4));
    if (count < 0) {
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
    String key = string(parts.get(2));
    Pickled.Stored whole = new Pickled.Stored(key, global.dtype(), count, 0);
    Pickled.Stored known = storages.putIfAbsent(key, whole);
    if (known != null && !known.equals(whole)) {
      throw in.fault("two storages under '" + Printable.brief(key) + "'");
    }
    return new Pickled.Stored(key, global.dtype(), count, offset);
  }

  /**
   * State that is set on an object: of OrderedDicts and settings it says nothing that is needed.
   */
  private void build(Pickled state) throws FormatException {
    switch (top()) {
      case Pickled.Opaque o -> {}
      case Pickled.Dict d -> {}
      case Pickled.View v when state instanceof Pickled.Tuple || state instanceof Pickled.Dict -> {}
      default -> throw in.fault("state for something that has none");
    }
  }

  private long whole(Pickled value) throws FormatException {
    if (value instanceof Pickled.Whole(long number)) {
      return number;
    }
    throw in.fault("a whole number is wanted here");
  }

  private String string(Pickled value) throws FormatException {
    return switch (value) {
      case Pickled.Text(String text) -> text;
      case Pickled.Whole(long number) -> Long.toString(number);
      default -> throw in.fault("a string is wanted here");
    };
  }

  private void push(Pickled value) {
    stack.add(value);
  }

  private Pickled top() throws FormatException {
    requireItems(1);
    return stack.getLast();
  }

  private Pickled pop() throws FormatException {
    requireItems(1);
    return stack.removeLast();
  }

  private List<Pickled> popped(int count) throws FormatException {
    requireItems(count);
    List<Pickled> tail = stack.subList(stack.size() - count, stack.size());
    List<Pickled> items = List.copyOf(tail);
    tail.clear();
    return items;
  }

  private void requireItems(int count) throws FormatException {
    int floor = marks.isEmpty() ? 0 : marks.getLast();
    if (stack.size() - floor < count) {
      throw in.fault("the stack has too few items");
    }
  }

  private List<Pickled> sinceMark() throws FormatException {
    if (marks.isEmpty()) {
      throw in.fault("no mark was set");
    }
    List<Pickled> tail = stack.subList(marks.removeLast(), stack.size());
    List<Pickled> items = new ArrayList<>(tail);
    tail.clear();
    return items;
  }
}
