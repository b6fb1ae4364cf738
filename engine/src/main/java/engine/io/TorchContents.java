package engine.io;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a checkpoint by the dict that holds them. A dict with tensors is a part; it is
 * called by its path of keys, the outermost one by the empty string.
 */
record TorchContents(Map<String, Map<String, Pickled.View>> parts) {
  /** How deep dicts and lists are followed. */
  private static final int MAX_DEPTH = 32;

  /** Which part is meant where nobody says: weights as they are published come first. */
  private static final List<String> PREFERRED =
      List.of("", "ema", "model", "state_dict", "model_state_dict", "teacher", "student");

  static TorchContents of(Pickled root) {
    TorchContents contents = new TorchContents(new LinkedHashMap<>());
    contents.walk("", root, 0, Collections.newSetFromMap(new IdentityHashMap<>()));
    return contents;
  }

  /** Each container is followed once, so that one that holds itself ends. */
  private void walk(String path, Pickled value, int depth, Set<Object> seen) {
    if (depth > MAX_DEPTH) {
      return;
    }
    if (value instanceof Pickled.Dict dict && seen.add(dict)) {
      dict.items.forEach((key, item) -> {
        if (item instanceof Pickled.View view) {
          parts.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(key.toString(), view);
        } else if (key instanceof String || key instanceof Long) {
          walk(path.isEmpty() ? key.toString() : path + "." + key, item, depth + 1, seen);
        }
      });
    } else if (value instanceof Pickled.Sequence list && seen.add(list)) {
      for (int i = 0; i < list.items.size(); i++) {
        walk(path + "[" + i + "]", list.items.get(i), depth + 1, seen);
      }
    }
  }

  /** The part that is meant where nobody says; null where there is no telling. */
  String preferred() {
    for (String name : PREFERRED) {
      if (parts.containsKey(name)) {
        return name;
      }
    }
    return parts.size() == 1 ? parts.keySet().iterator().next() : null;
  }

  /** The tensors of a part, without the {@code module.} that a parallel wrapper puts before all. */
  Map<String, Pickled.View> tensors(String part) {
    Map<String, Pickled.View> found = parts.get(part);
    String prefix = "module.";
    if (!found.keySet().stream().allMatch(name -> name.startsWith(prefix))) {
      return found;
    }
    Map<String, Pickled.View> bare = new LinkedHashMap<>();
    found.forEach((name, view) -> bare.put(name.substring(prefix.length()), view));
    return bare;
  }
}
