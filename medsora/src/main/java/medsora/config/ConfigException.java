package medsora.config;

import engine.io.Printable;
import java.util.List;

/** A configuration that cannot be used; the message says where and what is wanted. */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  ConfigException(Place place, String problem) {
    super("[config] " + where(place, problem));
    faults = List.of(where(place, problem));
  }

  private ConfigException(List<String> faults) {
    super("[config] wrong in " + faults.size() + " places:" + Printable.some(faults));
    this.faults = faults;
  }

  /** All that is wrong, in one exception; one alone is itself. */
  static ConfigException all(List<ConfigException> each) {
    return each.size() == 1
        ? each.getFirst()
        : new ConfigException(each.stream().flatMap(e -> e.faults.stream()).toList());
  }

  /** That the value under a key is not what it wants. */
  static ConfigException wrong(String path, Yaml value, String wanted) {
    return new ConfigException(
        value.place(), "'" + path + "' wants " + wanted + ", got " + value.kind());
  }

  private static String where(Place place, String problem) {
    return place + ": " + problem;
  }
}
