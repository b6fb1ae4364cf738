package engine.io;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensors of a checkpoint by what holds them. A dict with tensors is a part, and so is a whole
 * module; a part is called by its path of keys, the outermost one by the empty string. Objects that
 * are neither are looked into like dicts. Names together are no longer than the file.
 */
final class TorchContents {
  /** How deep dicts, lists and modules are followed. */
  private static final int MAX_DEPTH = 64;

  private static final int LEAST_BUDGET = 1 << 20;

  private static final String SCRIPT = "__torch__";

  /** Weights of quantized modules, in a form of their own. */
  private static final String PACKED = "__torch__.torch.classes.quantized.";

  private static final String MODULES = "_modules";
  private static final String PARAMETERS = "_parameters";
  private static final String BUFFERS = "_buffers";
  private static final String NOT_SAVED = "_non_persistent_buffers_set";

  /**
   * What one dict or module holds.
   *
   * @param tensors that can be read, or of a type that blocks them alone
   * @param refused what stands for a tensor that is no strided view, by its name: what it is
   * @param objects what stands where tensors do and may be one of a kind that is not known
   * @param beside what stands there and is clearly none
   */
  record Part(
      Map<String, Pickled.View> tensors,
      Map<String, String> refused,
      Map<String, String> objects,
      Map<String, String> beside) {
    Part() {
      this(
          new LinkedHashMap<>(),
          new LinkedHashMap<>(),
          new LinkedHashMap<>(),
          new LinkedHashMap<>());
    }

    /** Whether all that it has are arrays of NumPy, such as a state of random numbers. */
    boolean isOfArrays() {
      return refused.isEmpty() && tensors.values().stream().allMatch(NumpyArrays::isArray);
    }

    int size() {
      return tensors.size() + refused.size();
    }
  }

  private final String file;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Pickled.Opaque, Optional<Pickled.View>> arrays = new IdentityHashMap<>();
  private long budget;

  private TorchContents(String file, long bytes) {
    this.file = file;
    this.budget = bytes + LEAST_BUDGET;
  }

  /**
   * The parts of an object, in its order.
   *
   * @param bytes of the file
   */
  static Map<String, Part> of(String file, long bytes, Pickled root) throws FormatException {
    TorchContents contents = new TorchContents(file, bytes);
    contents.walk("", root, 0);
    return contents.parts;
  }

  /** Each container is followed once, so that one that holds itself ends. */
  private void walk(String path, Pickled value, int depth) throws FormatException {
    if (depth > MAX_DEPTH) {
      return;
    }
    switch (value) {
      case Pickled.Dict dict when seen.add(dict) -> entries(path, dict, depth);
      case Pickled.Sequence list when seen.add(list) -> items(path, list.items, depth);
      case Pickled.Tuple tuple when seen.add(tuple) -> items(path, tuple.items(), depth);
      case Pickled.Opaque object when seen.add(object) -> object(path, object, depth);
      default -> {}
    }
  }

  private void object(String path, Pickled.Opaque object, int depth) throws FormatException {
    Pickled.Dict attributes = object.attributes();
    if (isModule(object)) {
      Part part = new Part();
      stateDict("", object, part, depth);
      if (part.size() > 0) {
        parts.put(path, part);
      }
      return;
    }
    if (attributes != null) {
      walk(path, attributes, depth + 1);
    }
    entries(path, object.entries, depth);
    items(path, object.items.items, depth);
  }

  private void entries(String path, Pickled.Dict dict, int depth) throws FormatException {
    boolean any = dict.items.values().stream().anyMatch(this::isTensor);
    for (Map.Entry<Object, Pickled> e : dict.items.entrySet()) {
      if (e.getKey() instanceof String || e.getKey() instanceof Long) {
        String key = e.getKey().toString();
        int before = parts.size();
        if (isTensor(e.getValue())) {
          add(parts.computeIfAbsent(path, p -> new Part()), key, e.getValue());
        } else if (isContainer(e.getValue())) {
          walk(below(path, key), e.getValue(), depth + 1);
        }
        if (any && !isTensor(e.getValue())) {
          beside(
              parts.computeIfAbsent(path, p -> new Part()),
              key,
              e.getValue(),
              parts.size() > before);
        }
      }
    }
  }

  /**
   * Notes what is no tensor beside tensors.
   *
   * @param holdsParts whether parts of their own were found in it
   */
  private void beside(Part part, String key, Pickled value, boolean holdsParts)
      throws FormatException {
    boolean own = value instanceof Pickled.Opaque o ? isModule(o) : value instanceof Pickled.Dict;
    if (own && holdsParts) {
      return;
    }
    spend(key.length());
    boolean object =
        value instanceof Pickled.Stored
            || (value instanceof Pickled.Opaque o && !TorchBeside.isNoWeight(key, o));
    (object ? part.objects() : part.beside()).put(key, TorchBeside.kind(value));
  }

  private void items(String path, List<Pickled> items, int depth) throws FormatException {
    for (int i = 0; i < items.size(); i++) {
      if (isContainer(items.get(i))) {
        spend(path.length());
        walk(path + "[" + i + "]", items.get(i), depth + 1);
      }
    }
  }

  private String below(String path, String key) throws FormatException {
    spend(path.length() + key.length());
    return path.isEmpty() ? key : path + "." + key;
  }

  private static boolean isContainer(Pickled value) {
    return value instanceof Pickled.Dict
        || value instanceof Pickled.Sequence
        || value instanceof Pickled.Tuple
        || value instanceof Pickled.Opaque;
  }

  private boolean isTensor(Pickled value) {
    return value instanceof Pickled.View
        || (value instanceof Pickled.Opaque o && (o.isTensor() || array(o).isPresent()));
  }

  /** An object may be mentioned often, and its elements be copied to read them: once is enough. */
  private Optional<Pickled.View> array(Pickled.Opaque object) {
    return arrays.computeIfAbsent(object, NumpyArrays::view);
  }

  private void add(Part part, String name, Pickled value) throws FormatException {
    spend(name.length());
    switch (value) {
      case Pickled.View view -> part.tensors().put(name, view);
      case Pickled.Opaque o when o.isTensor() -> part.refused().put(name, o.what);
      case Pickled.Opaque o -> array(o).ifPresent(view -> part.tensors().put(name, view));
      default -> {}
    }
  }

  /** Names of modules within each other can become many times longer than what says them. */
  private void spend(int characters) throws FormatException {
    budget -= characters + 1L;
    if (budget < 0) {
      throw FormatException.unsupported(
          "[torch] "
              + file
              + ": the names of its tensors would be longer than the file: it is damaged, or made"
              + " to fill the memory");
    }
  }

  private static boolean isModule(Pickled.Opaque object) {
    if (object.what.startsWith(SCRIPT)) {
      return true;
    }
    Pickled.Dict a = object.attributes();
    return a != null
        && a.get(MODULES) instanceof Pickled.Dict
        && a.get(PARAMETERS) instanceof Pickled.Dict;
  }

  /** The names that PyTorch's {@code state_dict()} gives the tensors of a module. */
  private void stateDict(String prefix, Pickled.Opaque module, Part part, int depth)
      throws FormatException {
    Pickled.Dict attributes = module.attributes();
    if (depth > MAX_DEPTH || attributes == null) {
      return;
    }
    spend(prefix.length());
    if (module.what.startsWith(SCRIPT)) {
      scripted(prefix, attributes, part, depth);
      return;
    }
    if (attributes.get(PARAMETERS) instanceof Pickled.Dict parameters) {
      named(prefix, parameters, part, List.of());
    }
    if (attributes.get(BUFFERS) instanceof Pickled.Dict buffers) {
      List<Pickled> without =
          attributes.get(NOT_SAVED) instanceof Pickled.Sequence s ? s.items : List.of();
      named(prefix, buffers, part, without);
    }
    if (attributes.get(MODULES) instanceof Pickled.Dict modules) {
      for (Map.Entry<Object, Pickled> e : modules.items.entrySet()) {
        if (e.getKey() instanceof String name && e.getValue() instanceof Pickled.Opaque below) {
          stateDict(prefix + name + ".", below, part, depth + 1);
        }
      }
    }
  }

  private void named(String prefix, Pickled.Dict dict, Part part, List<Pickled> without)
      throws FormatException {
    for (Map.Entry<Object, Pickled> e : dict.items.entrySet()) {
      if (e.getKey() instanceof String name && !without.contains(new Pickled.Text(name))) {
        add(part, prefix + name, e.getValue());
        if (e.getValue() instanceof Pickled.Opaque o && !isTensor(o)) {
          part.objects().put(prefix + name, o.what);
        }
      }
    }
  }

  /** TorchScript has tensors, modules and all else beside each other as attributes. */
  private void scripted(String prefix, Pickled.Dict attributes, Part part, int depth)
      throws FormatException {
    for (Map.Entry<Object, Pickled> e : attributes.items.entrySet()) {
      if (e.getKey() instanceof String name) {
        if (e.getValue() instanceof Pickled.Opaque below && below.what.startsWith(PACKED)) {
          spend(prefix.length() + name.length());
          part.objects().put(prefix + name, below.what);
        } else if (e.getValue() instanceof Pickled.Opaque below && below.what.startsWith(SCRIPT)) {
          stateDict(prefix + name + ".", below, part, depth + 1);
        } else {
          add(part, prefix + name, e.getValue());
        }
      }
    }
  }
}
