package engine.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backends that are there, by name: the engine's own, then others of the class path. */
final class Providers {
  private static final Logger LOG = System.getLogger("engine");

  private final Map<String, List<BackendProvider>> byName;

  private Providers(Map<String, List<BackendProvider>> byName) {
    this.byName = byName;
  }

  /** Those that the engine's class loader and that of the thread see. */
  static Providers find() {
    Map<Class<?>, BackendProvider> all = new LinkedHashMap<>();
    Stream.of(Providers.class.getClassLoader(), Thread.currentThread().getContextClassLoader())
        .filter(Objects::nonNull)
        .distinct()
        .forEach(l -> collect(ServiceLoader.load(BackendProvider.class, l).iterator(), all));
    return new Providers(
        all.values().stream()
            .collect(
                Collectors.groupingBy(
                    p -> p.name().toLowerCase(Locale.ROOT),
                    LinkedHashMap::new,
                    Collectors.toList())));
  }

  /** One that is broken costs the others nothing. */
  private static void collect(Iterator<BackendProvider> found, Map<Class<?>, BackendProvider> all) {
    while (true) {
      try {
        if (!found.hasNext()) {
          return;
        }
        BackendProvider provider = found.next();
        all.putIfAbsent(provider.getClass(), provider);
      } catch (ServiceConfigurationError e) {
        LOG.log(Level.WARNING, "[backend] a provider is left out: {0}", e.getMessage());
      }
    }
  }

  /**
   * The one of that name, in any case of letters.
   *
   * @throws IllegalArgumentException if there is none, or several
   */
  BackendProvider named(String name) {
    List<BackendProvider> found = byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "[backend] unknown backend '" + name + "': choose " + choices());
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "[backend] "
              + found.size()
              + " providers are called '"
              + name
              + "', leave one on the class path: "
              + found.stream().map(p -> p.getClass().getName()).collect(Collectors.joining(", ")));
    }
    return found.get(0);
  }

  private String choices() {
    List<String> all =
        new ArrayList<>(Stream.concat(Stream.of("auto"), byName.keySet().stream()).toList());
    String last = all.removeLast();
    return String.join(", ", all) + " or " + last;
  }
}
