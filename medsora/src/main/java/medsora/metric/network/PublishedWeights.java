package medsora.metric.network;

import engine.io.PermutedTensors;
import engine.io.Printable;
import engine.io.RenamedTensors;
import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nn.Module;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a network from a file that may have other programs' names. All names may stand under a
 * common prefix, such as {@code module.}; what stands outside of it is not looked at.
 */
final class PublishedWeights {
  /** Counters, which evaluation does not read; and a norm's gain, which TensorFlow left out. */
  private static final Set<String> OPTIONAL = Set.of("num_batches_tracked", "bn.weight");

  /** Names of a file that holds another network which are shown. */
  private static final int FEW = 3;

  private PublishedWeights() {}

  /**
   * Fills a module and freezes it.
   *
   * @param what the network, for errors
   * @throws IOException listing names that are missing or unexpected, ours where they are missing
   */
  static void load(String what, Path path, Module module, List<Naming> namings) throws IOException {
    try (TensorSource file = TensorSource.open(path)) {
      TensorSource named = named(what, file, module, namings);
      Weights.Reading reading = new Weights.Reading(PublishedWeights::isOptional, false);
      Set<String> absent = Set.copyOf(Weights.load(named, "", module, reading));
      module
          .stateDict()
          .forEach((name, entry) -> {
            if (absent.contains(name)) {
              float[] neutral = new float[entry.shape().size()];
              Arrays.fill(neutral, name.endsWith(".weight") ? 1f : 0f);
              entry.write(neutral);
            }
          });
      module.setTrainable(false);
    }
  }

  private static boolean isOptional(String name) {
    return OPTIONAL.stream().anyMatch(end -> name.endsWith("." + end));
  }

  /** The file under the names and layouts of a module. */
  static TensorSource named(String what, TensorSource file, Module module, List<Naming> namings)
      throws IOException {
    for (Naming naming : namings) {
      String prefix = prefix(file, naming.sign());
      if (prefix != null) {
        return named(file, prefix, module, naming);
      }
    }
    throw new IOException(
        "[metric] %s holds no %s: of its %d names none is %s; they are such as %s"
            .formatted(
                file.path(),
                what,
                file.names().size(),
                String.join(" or ", namings.stream().map(Naming::sign).toList()),
                Printable.line(
                    String.join(
                        ", ", file.names().subList(0, Math.min(FEW, file.names().size()))))));
  }

  /** What stands before a name in the file; null where it is not there, the shortest of several. */
  static @Nullable String prefix(TensorSource file, String name) {
    String found = null;
    for (String candidate : file.names()) {
      boolean ends = candidate.equals(name) || candidate.endsWith("." + name);
      int length = candidate.length() - name.length();
      if (ends && (found == null || length < found.length())) {
        found = candidate.substring(0, length);
      }
    }
    return found;
  }

  private static TensorSource named(
      TensorSource file, String prefix, Module module, Naming naming) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    Map<String, List<Integer>> orders = new LinkedHashMap<>();
    Set<String> used = new HashSet<>();
    for (String entry : module.stateDict().keySet()) {
      List<String> parts = naming.parts().apply(entry).stream().map(prefix::concat).toList();
      if (parts.stream().allMatch(file::contains)) {
        names.put(entry, parts);
        used.addAll(parts);
        int rank = file.shape(parts.getFirst()).length;
        List<Integer> order = naming.order().apply(entry, rank);
        if (!order.isEmpty()) {
          orders.put(entry, order);
        }
      }
    }
    // What is left keeps its name, so that it is reported as unexpected.
    for (String name : file.names()) {
      boolean ours = name.startsWith(prefix) && !used.contains(name);
      if (ours && !naming.unused().test(name.substring(prefix.length()))) {
        names.put(name, List.of(name));
      }
    }
    return new PermutedTensors(new RenamedTensors(file, names), orders);
  }
}
