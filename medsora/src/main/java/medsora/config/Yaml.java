package medsora.config;

import engine.io.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a YAML file that remembers where it stood. */
sealed interface Yaml {
  Place place();

  /** Key and value pairs in the order of the file. */
  record Mapping(Map<String, Yaml> entries, Place place) implements Yaml {
    /**
     * The value under a key.
     *
     * @throws ConfigException where there is none
     */
    Yaml required(String key) {
      Yaml value = entries.get(key);
      if (value == null) {
        throw new ConfigException(place, "key '" + key + "' is missing");
      }
      return value;
    }
  }

  /** A list. */
  record Sequence(List<Yaml> items, Place place) implements Yaml {}

  /**
   * A single value.
   *
   * @param quoted whether it stood in quotes, and so is text whatever it looks like
   */
  record Scalar(String text, boolean quoted, Place place) implements Yaml {}

  /**
   * Lays one mapping over another: mappings are joined key by key, anything else is replaced by
   * what lies above, and so is a network by one of another kind.
   */
  static Mapping over(Mapping above, Mapping below) {
    Map<String, Yaml> joined = new LinkedHashMap<>(below.entries());
    above.entries().forEach((key, value) -> joined.merge(key, value, Yaml::joined));
    return new Mapping(joined, above.place());
  }

  private static Yaml joined(Yaml below, Yaml above) {
    return below instanceof Mapping b && above instanceof Mapping a && !isOfAnotherKind(a, b)
        ? over(a, b)
        : above;
  }

  /** Where nothing is said above it is of the kind below. */
  private static boolean isOfAnotherKind(Mapping above, Mapping below) {
    return above.entries().get(Kinds.KEY) instanceof Scalar a
        && !a.text()
            .equals(
                below.entries().get(Kinds.KEY) instanceof Scalar b
                    ? b.text()
                    : Config.NETWORKS.first());
  }

  /** What a message calls this kind of value. */
  default String kind() {
    return switch (this) {
      case Mapping m -> "a mapping";
      case Sequence s -> "a list";
      case Scalar s -> "'" + Printable.brief(s.text()) + "'";
    };
  }
}
