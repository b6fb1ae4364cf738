package engine.io;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle (protocols 0 to 5) as data: every opcode is followed, and none runs anything. A
 * name is a word; what would call it makes tensors, dicts and lists ({@link PickleCalls}), and of
 * any other name an opaque value. The number of opcodes is bounded, so that a small file cannot
 * take much memory or time.
 */
final class Unpickler {
  private static final int MAX_OBJECTS = 1 << 22;
  private static final int MAX_PROTOCOL = 5;

  private final PickleInput in;
  private final PickleStack stack;
  private final PickleCalls calls;

  private Unpickler(PickleInput in, PickleCalls calls) {
    this.in = in;
    this.stack = new PickleStack(in);
    this.calls = calls;
  }

  /** The object of the pickle that begins here; the input then stands behind it. */
  static Pickled read(PickleInput in) throws FormatException {
    return read(in, new HashMap<>(), 0);
  }

  /**
   * The same.
   *
   * @param storages gets every storage that is mentioned, by its key
   * @param depth how many pickles this one lies within
   */
  static Pickled read(PickleInput in, Map<String, Pickled.Stored> storages, int depth)
      throws FormatException {
    return new Unpickler(in, new PickleCalls(in, storages, depth)).run();
  }

  private Pickled run() throws FormatException {
    for (int n = 0; n <= MAX_OBJECTS; n++) {
      int opcode = in.u8();
      if (opcode == '.') {
        return stack.pop();
      }
      step(opcode);
    }
    throw in.unread("more than " + MAX_OBJECTS + " opcodes, which is more than is read here");
  }

  private void step(int opcode) throws FormatException {
    switch (opcode) {
      case 0x80 -> protocol();
      case 0x95 -> in.requireLeft(in.i64()); // FRAME: a length that only helps buffering
      case '(' -> stack.mark();
      case '0' -> stack.drop();
      case '1' -> stack.sinceMark();
      case '2' -> stack.push(stack.top());
      default -> constant(opcode);
    }
  }

  private void protocol() throws FormatException {
    int version = in.u8();
    if (version > MAX_PROTOCOL) {
      throw in.unread("pickle protocol " + version + ", known are 0 to " + MAX_PROTOCOL);
    }
  }

  private void constant(int opcode) throws FormatException {
    switch (opcode) {
      case 'N' -> stack.push(Pickled.None.NONE);
      case 0x88 -> stack.push(new Pickled.Whole(1));
      case 0x89 -> stack.push(new Pickled.Whole(0));
      case 'K' -> stack.push(new Pickled.Whole(in.u8()));
      case 'M' -> stack.push(new Pickled.Whole(in.u16()));
      case 'J' -> stack.push(new Pickled.Whole(in.i32()));
      case 0x8a -> stack.push(in.whole(in.u8()));
      case 0x8b -> stack.push(in.whole(in.u32()));
      case 'I', 'L' -> stack.push(in.wholeLine());
      case 'G' -> stack.push(new Pickled.Real(in.bigEndianDouble()));
      case 'F' -> stack.push(new Pickled.Real(in.realLine()));
      default -> text(opcode);
    }
  }

  private void text(int opcode) throws FormatException {
    switch (opcode) {
      case 'X' -> stack.push(in.text(in.u32(), true));
      case 0x8c -> stack.push(in.text(in.u8(), true));
      case 0x8d -> stack.push(in.text(in.i64(), true));
      case 'V' -> stack.push(new Pickled.Text(in.line()));
      case 'U' -> stack.push(in.text(in.u8(), false));
      case 'T' -> stack.push(in.text(in.u32(), false));
      case 'S' -> stack.push(in.quotedLine());
      case 'C' -> stack.push(in.bytes(in.u8()));
      case 'B' -> stack.push(in.bytes(in.u32()));
      case 0x8e, 0x96 -> stack.push(in.bytes(in.i64()));
      case 0x97, 0x98 ->
          throw in.unread(
              "bytes that lie out of band, beside the pickle and not in it: save it without a"
                  + " buffer_callback");
      default -> container(opcode);
    }
  }

  private void container(int opcode) throws FormatException {
    switch (opcode) {
      case ']', 0x8f -> stack.push(new Pickled.Sequence());
      case '}' -> stack.push(new Pickled.Dict());
      case ')' -> stack.push(new Pickled.Tuple(List.of()));
      case 't' -> stack.push(new Pickled.Tuple(List.copyOf(stack.sinceMark())));
      case 0x85 -> stack.push(new Pickled.Tuple(stack.popped(1)));
      case 0x86 -> stack.push(new Pickled.Tuple(stack.popped(2)));
      case 0x87 -> stack.push(new Pickled.Tuple(stack.popped(3)));
      case 'l', 0x91 -> stack.push(calls.sequence(stack.sinceMark()));
      case 'd' -> stack.push(calls.put(new Pickled.Dict(), stack.sinceMark()));
      case 'a' -> append(stack.popped(1));
      case 'e', 0x90 -> append(stack.sinceMark());
      case 's' -> setItems(stack.popped(2));
      case 'u' -> setItems(stack.sinceMark());
      default -> memory(opcode);
    }
  }

  private void append(List<Pickled> items) throws FormatException {
    switch (stack.top()) {
      case Pickled.Sequence s -> s.items.addAll(items);
      case Pickled.Opaque o -> o.items.items.addAll(items);
      default -> throw in.fault("items for something that is not a list: the pickle is damaged");
    }
  }

  private void setItems(List<Pickled> pairs) throws FormatException {
    switch (stack.top()) {
      case Pickled.Dict d -> calls.put(d, pairs);
      case Pickled.Opaque o -> calls.put(o.entries, pairs);
      default -> throw in.fault("entries for something that is not a dict: the pickle is damaged");
    }
  }

  private void memory(int opcode) throws FormatException {
    switch (opcode) {
      case 'q' -> stack.memoize(in.u8());
      case 'r' -> stack.memoize(in.u32());
      case 'p' -> stack.memoize(in.indexLine());
      case 0x94 -> stack.memoize();
      case 'h' -> stack.push(stack.remembered(in.u8()));
      case 'j' -> stack.push(stack.remembered(in.u32()));
      case 'g' -> stack.push(stack.remembered(in.indexLine()));
      default -> object(opcode);
    }
  }

  private void object(int opcode) throws FormatException {
    switch (opcode) {
      case 'c' -> stack.push(new Pickled.Name(in.line(), in.line()));
      case 0x93 -> {
        List<Pickled> names = stack.popped(2);
        stack.push(new Pickled.Name(calls.string(names.get(0)), calls.string(names.get(1))));
      }
      case 'R', 0x81 -> {
        List<Pickled> call = stack.popped(2);
        stack.push(calls.called(call.get(0), call.get(1)));
      }
      case 0x92 -> {
        List<Pickled> call = stack.popped(3);
        stack.push(calls.called(call.get(0), call.get(1)));
      }
      case 'o' -> oldObject(stack.sinceMark());
      case 'i' -> {
        Pickled name = new Pickled.Name(in.line(), in.line());
        stack.push(calls.called(name, new Pickled.Tuple(List.copyOf(stack.sinceMark()))));
      }
      case 'b' -> {
        Pickled state = stack.pop();
        calls.build(stack.top(), state);
      }
      default -> foreign(opcode);
    }
  }

  /** A class and its arguments. */
  private void oldObject(List<Pickled> parts) throws FormatException {
    if (parts.isEmpty()) {
      throw in.fault("an object without a class: the pickle is damaged");
    }
    List<Pickled> arguments = List.copyOf(parts.subList(1, parts.size()));
    stack.push(calls.called(parts.getFirst(), new Pickled.Tuple(arguments)));
  }

  /** What lies outside of the pickle: elements, or classes under a number. */
  private void foreign(int opcode) throws FormatException {
    switch (opcode) {
      case 'Q' -> stack.push(calls.stored(stack.pop()));
      case 'P' -> stack.push(calls.stored(new Pickled.Text(in.line())));
      case 0x82 -> stack.push(extension(in.u8()));
      case 0x83 -> stack.push(extension(in.u16()));
      case 0x84 -> stack.push(extension(in.u32()));
      default ->
          throw in.fault(
              "0x%02x%s is no opcode of a pickle: the file is damaged"
                  .formatted(
                      opcode, opcode > ' ' && opcode < 127 ? " '" + (char) opcode + "'" : ""));
    }
  }

  private static Pickled.Name extension(long code) {
    return new Pickled.Name("copyreg", "extension " + code);
  }
}
