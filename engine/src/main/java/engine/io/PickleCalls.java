package engine.io;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a name that a pickle would call. Names of tensors, dicts and lists make such, of
 * what the pickle says; any other makes an opaque value. Nothing is looked up or called.
 */
final class PickleCalls {
  /** Pickles within each other, as tensors within objects of StyleGAN's family are. */
  private static final int MAX_DEPTH = 2;

  /** Entries that are copied into dicts in all: a few opcodes may ask for many. */
  private static final long MAX_COPIED = 1 << 22;

  /** What a name stands for. */
  private enum Meaning {
    DICT,
    SEQUENCE,
    TENSOR,
    TYPED_TENSOR,
    TENSOR_OF_CLASS,
    PARAMETER,
    TENSOR_FILE,
    PERSISTENT_OBJECT,
    RECONSTRUCTION,
    UNKNOWN
  }

  private static final Map<String, Meaning> MEANINGS = meanings();

  private final PickleInput in;
  private final TorchTensors tensors;
  private final int depth;
  private final Map<Pickled, Pickled> files = new IdentityHashMap<>();
  private long copied;

  /**
   * @param in where faults are
   * @param storages gets every storage that is mentioned, by its key
   * @param depth how many pickles this one lies within
   */
  PickleCalls(PickleInput in, Map<String, Pickled.Stored> storages, int depth) {
    this.in = in;
    this.tensors = new TorchTensors(in, storages);
    this.depth = depth;
  }

  private static Map<String, Meaning> meanings() {
    Map<String, Meaning> all = new HashMap<>();
    for (String dict : List.of("OrderedDict", "defaultdict", "Counter")) {
      all.put("collections." + dict, Meaning.DICT);
    }
    for (String builtins : List.of("builtins.", "__builtin__.")) {
      all.put(builtins + "dict", Meaning.DICT);
      for (String sequence : List.of("set", "frozenset", "list", "tuple")) {
        all.put(builtins + sequence, Meaning.SEQUENCE);
      }
    }
    all.put("torch.Size", Meaning.SEQUENCE);
    all.put("torch._utils._rebuild_tensor", Meaning.TENSOR);
    all.put("torch._utils._rebuild_tensor_v2", Meaning.TENSOR);
    all.put("torch._utils._rebuild_tensor_v3", Meaning.TYPED_TENSOR);
    all.put("torch._utils._rebuild_parameter", Meaning.PARAMETER);
    all.put("torch._utils._rebuild_parameter_with_state", Meaning.PARAMETER);
    all.put("torch._tensor._rebuild_from_type", Meaning.TENSOR_OF_CLASS);
    all.put("torch._tensor._rebuild_from_type_v2", Meaning.TENSOR_OF_CLASS);
    all.put("torch.tensor._rebuild_from_type", Meaning.TENSOR_OF_CLASS);
    all.put("torch.storage._load_from_bytes", Meaning.TENSOR_FILE);
    all.put("copy_reg._reconstructor", Meaning.RECONSTRUCTION);
    all.put("copyreg._reconstructor", Meaning.RECONSTRUCTION);
    return all;
  }

  /** The persistence of StyleGAN's family lies in another package in each project. */
  private static Meaning meaning(Pickled.Name name) {
    if (name.name().equals("_reconstruct_persistent_obj")) {
      return Meaning.PERSISTENT_OBJECT;
    }
    return MEANINGS.getOrDefault(name.toString(), Meaning.UNKNOWN);
  }

  /** What a call gives. */
  Pickled called(Pickled function, Pickled arguments) throws FormatException {
    if (!(arguments instanceof Pickled.Tuple(List<Pickled> items))) {
      throw in.fault("a call without arguments: the pickle is damaged");
    }
    return switch (function) {
      case Pickled.Name name -> called(name, items);
      // What another opaque value would have given.
      case Pickled.Opaque o -> new Pickled.Opaque(o.what);
      default -> throw in.fault("a call of something that has no name: the pickle is damaged");
    };
  }

  private Pickled called(Pickled.Name name, List<Pickled> items) throws FormatException {
    return switch (meaning(name)) {
      case DICT -> dict(name, items);
      case SEQUENCE -> items.isEmpty() ? new Pickled.Sequence() : items.getFirst();
      case TENSOR -> tensors.view(name, items);
      case TYPED_TENSOR -> tensors.typedView(name, items);
      case TENSOR_OF_CLASS -> ofClass(name, items);
      case PARAMETER -> items.isEmpty() ? new Pickled.Opaque(name.toString()) : items.getFirst();
      case TENSOR_FILE -> file(name, items);
      case PERSISTENT_OBJECT -> persistent(items);
      case RECONSTRUCTION -> reconstructed(items);
      case UNKNOWN -> new Pickled.Opaque(name.toString(), items);
    };
  }

  /** A list of some items. */
  Pickled.Sequence sequence(List<Pickled> items) {
    Pickled.Sequence s = new Pickled.Sequence();
    s.items.addAll(items);
    return s;
  }

  /** Adds keys and values that follow each other, and gives the dict back. */
  Pickled.Dict put(Pickled.Dict dict, List<Pickled> pairs) throws FormatException {
    if (pairs.size() % 2 != 0) {
      throw in.fault("a key without a value: the pickle is damaged");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      dict.put(pairs.get(i), pairs.get(i + 1));
    }
    return dict;
  }

  /** OrderedDict(), of pairs as Python 2 wrote it, defaultdict(factory), Counter(dict). */
  private Pickled dict(Pickled.Name name, List<Pickled> arguments) throws FormatException {
    Pickled.Dict dict = new Pickled.Dict();
    for (Pickled argument : arguments) {
      switch (argument) {
        case Pickled.Dict given -> copy(given, dict);
        case Pickled.Sequence pairs -> putPairs(name, dict, pairs);
        default -> {} // the factory of a defaultdict
      }
    }
    return dict;
  }

  private void copy(Pickled.Dict from, Pickled.Dict to) throws FormatException {
    countCopied(from.items.size());
    to.items.putAll(from.items);
  }

  private void countCopied(int entries) throws FormatException {
    copied += entries;
    if (copied > MAX_COPIED) {
      throw in.unread(
          "dicts that are copied again and again, of more than " + MAX_COPIED + " keys");
    }
  }

  private void putPairs(Pickled.Name name, Pickled.Dict dict, Pickled.Sequence pairs)
      throws FormatException {
    countCopied(pairs.items.size());
    for (Pickled pair : pairs.items) {
      switch (pair) {
        case Pickled.Tuple(List<Pickled> two) when two.size() == 2 -> put(dict, two);
        case Pickled.Sequence two when two.items.size() == 2 -> put(dict, two.items);
        default -> throw in.fault("a " + name + " of something that is not pairs");
      }
    }
  }

  /** (function, class, arguments, state): a tensor whose class is another than torch.Tensor. */
  private Pickled ofClass(Pickled.Name name, List<Pickled> arguments) throws FormatException {
    if (arguments.size() < 3
        || !(arguments.get(0) instanceof Pickled.Name function)
        || meaning(function) == Meaning.TENSOR_OF_CLASS
        || !(arguments.get(2) instanceof Pickled.Tuple(List<Pickled> own))) {
      return new Pickled.Opaque(name.toString());
    }
    return called(function, own);
  }

  /** A byte string that is itself what torch.save wrote before 1.6. */
  private Pickled file(Pickled.Name name, List<Pickled> arguments) throws FormatException {
    if (arguments.isEmpty()
        || !(arguments.getFirst() instanceof Pickled.Bytes bytes)
        || depth >= MAX_DEPTH
        || !TorchLegacy.begins(bytes.data())) {
      return new Pickled.Opaque(name.toString());
    }
    Pickled known = files.get(bytes);
    if (known == null) {
      known = new TorchLegacy(in.file(), bytes.data(), bytes.at(), depth + 1).heldRoot();
      files.put(bytes, known);
    }
    return known;
  }

  /** {type, version, module_src, class_name, state}: the source in it stays a string. */
  private static Pickled persistent(List<Pickled> arguments) {
    if (arguments.isEmpty() || !(arguments.getFirst() instanceof Pickled.Dict meta)) {
      return new Pickled.Opaque("a persistent object");
    }
    String name = meta.get("class_name") instanceof Pickled.Text(String text) ? text : "";
    Pickled.Opaque made = new Pickled.Opaque("a persistent object " + name);
    made.state = meta.get("state");
    return made;
  }

  /** (class, base, what the base is made of). */
  private Pickled reconstructed(List<Pickled> arguments) throws FormatException {
    Pickled.Opaque made =
        new Pickled.Opaque(
            !arguments.isEmpty() && arguments.getFirst() instanceof Pickled.Name name
                ? name.toString()
                : "an object");
    if (arguments.size() > 2 && arguments.get(2) instanceof Pickled.Dict dict) {
      copy(dict, made.entries);
    }
    return made;
  }

  /** State that is set on an object: of tensors, dicts and lists it says nothing needed. */
  void build(Pickled object, Pickled state) throws FormatException {
    switch (object) {
      case Pickled.Opaque o -> o.state = state;
      case Pickled.Dict d -> {}
      case Pickled.Sequence s -> {}
      case Pickled.View v -> {}
      case Pickled.Name n -> {}
      default -> throw in.fault("state for something that has none: the pickle is damaged");
    }
  }

  /** What a persistent id stands for. */
  Pickled stored(Pickled id) throws FormatException {
    return tensors.stored(id);
  }

  /** The string that a value is; numbers are taken as well. */
  String string(Pickled value) throws FormatException {
    return tensors.string(value);
  }
}
