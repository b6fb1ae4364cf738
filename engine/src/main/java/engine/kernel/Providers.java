package engine.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The backends that are there, by name: the engine's own, then others of the class path. */
final class Providers {
  private static final Logger LOG = System.getLogger("engine");

  /** Failures in a row after which a loader is taken to have no more to offer. */
  private static final int FAILURES = 100;

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
    Map<String, List<BackendProvider>> byName = new LinkedHashMap<>();
    for (BackendProvider provider : all.values()) {
      name(provider)
          .ifPresent(n -> byName.computeIfAbsent(n, key -> new ArrayList<>()).add(provider));
    }
    return new Providers(byName);
  }

  private static Optional<String> name(BackendProvider provider) {
    try {
      return Optional.of(provider.name().toLowerCase(Locale.ROOT));
    } catch (RuntimeException | LinkageError e) {
      leftOut(provider.getClass().getName() + ", whose name() throws " + e);
      return Optional.empty();
    }
  }

  private static void leftOut(Object which) {
    LOG.log(Level.WARNING, "[backend] a provider is left out: {0}", which);
  }

  /** Why a provider cannot be opened here; one that cannot even say so cannot either. */
  static Optional<BackendProvider.Lack> lack(BackendProvider provider) {
    try {
      return provider.lack();
    } catch (RuntimeException | LinkageError e) {
      String which = provider.getClass().getName();
      leftOut(which + ", whose lack() throws " + e);
      return Optional.of(
          new BackendProvider.Lack("a provider that works", "mend or remove " + which));
    }
  }

  /** One that is broken costs the others nothing; a loader that fails for ever is left. */
  static void collect(Iterator<BackendProvider> found, Map<Class<?>, BackendProvider> all) {
    Set<String> said = new HashSet<>();
    int failures = 0;
    while (failures < FAILURES) {
      try {
        if (!found.hasNext()) {
          return;
        }
        BackendProvider provider = found.next();
        all.putIfAbsent(provider.getClass(), provider);
        failures = 0;
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        if (said.add(e.toString())) {
          leftOut(e);
        }
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

  /** What there is to choose from: auto, then the providers. */
  List<String> names() {
    return Stream.concat(Stream.of("auto"), byName.keySet().stream()).toList();
  }

  private String choices() {
    List<String> all = new ArrayList<>(names());
    String last = all.removeLast();
    return String.join(", ", all) + " or " + last;
  }
}
