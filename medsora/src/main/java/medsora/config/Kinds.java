package medsora.config;

import engine.io.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The families of networks that a configuration can name, each a record of its own. The key {@code
 * kind} says which is meant; without it that is the first, {@code medsora}, which is not written
 * either, so that what is older than the key reads and hashes as it did.
 */
final class Kinds {
  static final String KEY = "kind";

  private final SequencedMap<String, Class<? extends Record>> byName = new LinkedHashMap<>();

  /** One more family, after those before. */
  Kinds with(String name, Class<? extends Record> type) {
    byName.put(name, type);
    return this;
  }

  /** What is meant without the key. */
  String first() {
    return byName.firstEntry().getKey();
  }

  /** The record that a mapping without {@link #KEY} is read into. */
  Class<? extends Record> standard() {
    return byName.firstEntry().getValue();
  }

  /**
   * The record that a mapping says it is.
   *
   * @param path of the mapping, for messages
   * @throws ConfigException where it names none of them
   */
  Class<? extends Record> meantBy(String path, Yaml.Mapping mapping) {
    Yaml said = mapping.entries().get(KEY);
    if (said == null) {
      return standard();
    }
    Class<? extends Record> type = said instanceof Yaml.Scalar s ? byName.get(s.text()) : null;
    if (type == null) {
      List<String> names = List.copyOf(byName.keySet());
      throw new ConfigException(
          said.place(),
          "'%s.%s' wants one of %s, got %s"
              .formatted(path, KEY, String.join(", ", names), Printable.brief(said.kind())));
    }
    return type;
  }

  /** The mapping without {@link #KEY}. */
  static Yaml.Mapping components(Yaml.Mapping mapping) {
    Map<String, Yaml> rest = new LinkedHashMap<>(mapping.entries());
    rest.remove(KEY);
    return new Yaml.Mapping(rest, mapping.place());
  }
}
