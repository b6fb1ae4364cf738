package engine.io;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Names of tensors without what wrappers put before them: parallel training, compilation, moving
 * averages. A wrapper's prefix falls where every name has it, and so does what it keeps beside; the
 * words that only wrappers use fall wherever they stand.
 */
final class TorchNames {
  private static final List<String> PREFIXES =
      List.of("module.", "model.", "ema_model.", "ema.", "shadow.");

  /** Words that compilation, sharding and recomputation put before each module that they wrap. */
  private static final Pattern WITHIN =
      Pattern.compile("(?<![^.])(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\\.");

  /** What wrappers count beside the weights that they wrap. */
  private static final Set<String> BESIDE = Set.of("n_averaged", "initted", "step", "num_updates");

  /** Of an average that keeps the raw weights too. */
  private static final String AVERAGE = "ema_model.";

  private static final String ONLINE = "online_model.";

  private TorchNames() {}

  /** The same values under their bare names, in their order. */
  static <V> Map<String, V> bare(Map<String, V> named) {
    Map<String, V> names = renamed(named, name -> WITHIN.matcher(name).replaceAll(""));
    Map<String, V> bare = averaged(names);
    Optional<Map<String, V>> shorter = withoutPrefix(bare);
    while (shorter.isPresent()) {
      bare = shorter.get();
      shorter = withoutPrefix(bare);
    }
    return bare;
  }

  /** Whether a name is that of a raw weight beside its average. */
  static boolean isOnline(String name) {
    return name.startsWith(ONLINE);
  }

  /** Where the average and the raw weights lie beside each other, the average. */
  private static <V> Map<String, V> averaged(Map<String, V> named) {
    boolean both =
        named.keySet().stream().anyMatch(name -> name.startsWith(AVERAGE))
            && named.keySet().stream().anyMatch(name -> name.startsWith(ONLINE));
    if (!both) {
      return named;
    }
    Map<String, V> kept = new LinkedHashMap<>(named);
    kept.keySet().removeIf(name -> name.startsWith(ONLINE));
    return kept;
  }

  private static <V> Optional<Map<String, V>> withoutPrefix(Map<String, V> named) {
    for (String prefix : PREFIXES) {
      boolean any = named.keySet().stream().anyMatch(name -> name.startsWith(prefix));
      boolean all =
          named.keySet().stream()
              .allMatch(name -> name.startsWith(prefix) || BESIDE.contains(name));
      if (any && all) {
        Map<String, V> kept = new LinkedHashMap<>(named);
        kept.keySet().removeAll(BESIDE);
        return Optional.of(renamed(kept, name -> name.substring(prefix.length())));
      }
    }
    return Optional.empty();
  }

  /** Under other names, unless two would become one. */
  private static <V> Map<String, V> renamed(Map<String, V> named, Function<String, String> change) {
    Map<String, V> out = new LinkedHashMap<>();
    named.forEach((name, value) -> out.put(change.apply(name), value));
    return out.size() == named.size() ? out : named;
  }
}
