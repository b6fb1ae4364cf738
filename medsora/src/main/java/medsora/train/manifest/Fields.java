package medsora.train.manifest;

import engine.io.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The fields of an object in a file that nobody vouches for: each is looked at before it is taken.
 *
 * @param file for messages
 * @param path of the object within it, for messages
 */
record Fields(String file, String path, Map<String, Object> values) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Of the objects of a file. */
  interface Reader<T> {
    T read(Fields fields) throws IOException;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  String text(String key) throws IOException {
    return required(key, String.class, "a text", text -> true);
  }

  /** A text, or another where there is none. */
  String text(String key, String otherwise) throws IOException {
    return has(key) ? text(key) : otherwise;
  }

  String hash(String key) throws IOException {
    return required(key, String.class, "a SHA-256", SHA256.asMatchPredicate());
  }

  /** The name of a file beside the manifest; a path that leads elsewhere is refused. */
  String fileName(String key) throws IOException {
    return required(key, String.class, "the name of a file", Fields::isName);
  }

  private static boolean isName(String text) {
    return text.matches("[^/\\\\:]{1,255}") && !text.matches("\\.*");
  }

  /** Hashes by names of files; none where the key is missing. */
  SortedMap<String, String> fileHashes(String key) throws IOException {
    SortedMap<String, String> out = new TreeMap<>();
    if (has(key)) {
      Fields object = object(key);
      for (String name : object.values.keySet()) {
        if (!isName(name)) {
          throw fault(object.path, "names of files", name);
        }
        out.put(name, object.hash(name));
      }
    }
    return out;
  }

  /** A hash, or nothing where there is none. */
  String optionalHash(String key) throws IOException {
    return has(key) ? hash(key) : "";
  }

  long number(String key) throws IOException {
    return required(key, Long.class, "a whole number", n -> true);
  }

  /** A whole number that counts something. */
  int count(String key) throws IOException {
    return (int) (long) required(key, Long.class, "a count", n -> n >= 0 && n <= Integer.MAX_VALUE);
  }

  /** The number of a step. */
  long step(String key) throws IOException {
    return required(key, Long.class, "a number of steps", n -> n >= 0);
  }

  double real(String key) throws IOException {
    return values.get(key) instanceof Long whole
        ? (double) whole
        : required(key, Double.class, "a number", n -> true);
  }

  boolean flag(String key) throws IOException {
    return required(key, Boolean.class, "true or false", b -> true);
  }

  /** The object under a key. */
  Fields object(String key) throws IOException {
    return of(path + "." + key, required(key, Map.class, "an object", m -> true));
  }

  /** Texts by their names; none where the key is missing. */
  SortedMap<String, String> texts(String key) throws IOException {
    SortedMap<String, String> out = new TreeMap<>();
    if (has(key)) {
      Fields object = object(key);
      for (String name : object.values.keySet()) {
        out.put(name, object.text(name));
      }
    }
    return out;
  }

  /** The objects of a list in their order; none where the key is missing. */
  <T> List<T> list(String key, Reader<T> reader) throws IOException {
    List<T> out = new ArrayList<>();
    if (has(key)) {
      List<?> items = required(key, List.class, "a list", l -> true);
      for (int i = 0; i < items.size(); i++) {
        String place = "%s.%s[%d]".formatted(path, key, i);
        if (!(items.get(i) instanceof Map<?, ?> map)) {
          throw fault(place, "an object", items.get(i));
        }
        out.add(reader.read(of(place, map)));
      }
    }
    return out;
  }

  /** The objects of an object by their names; none where the key is missing. */
  <T> SortedMap<String, T> objects(String key, Reader<T> reader) throws IOException {
    SortedMap<String, T> out = new TreeMap<>();
    if (has(key)) {
      Fields object = object(key);
      for (String name : object.values.keySet()) {
        out.put(name, reader.read(object.object(name)));
      }
    }
    return out;
  }

  private Fields of(String place, Map<?, ?> map) {
    Map<String, Object> inner = new LinkedHashMap<>();
    map.forEach((k, v) -> inner.put(k.toString(), v));
    return new Fields(file, place, inner);
  }

  private <T> T required(String key, Class<T> type, String wanted, Predicate<T> fits)
      throws IOException {
    Object value = values.get(key);
    if (!type.isInstance(value) || !fits.test(type.cast(value))) {
      throw fault(path + "." + key, wanted, value == null ? "nothing" : value);
    }
    return type.cast(value);
  }

  private IOException fault(String place, String wanted, Object found) {
    return new IOException(
        "[manifest] %s: '%s' wants %s, got %s; restore the file from a copy"
            .formatted(
                file, Printable.brief(place), wanted, Printable.brief(String.valueOf(found))));
  }
}
