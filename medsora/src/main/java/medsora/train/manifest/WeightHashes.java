package medsora.train.manifest;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import nn.Entry;
import nn.Module;
import nn.io.Weights;

/**
 * Hashes of what a stage learned, after a number of steps.
 *
 * @param sha256 of the raw weights
 * @param averages of the weights with the moving averages in their place; empty where that was not
 *     put down
 * @param modules of the raw weights of each part of the model, by its name; none where that was not
 *     put down
 */
public record WeightHashes(
    long step, String sha256, String averages, SortedMap<String, String> modules) {

  /**
   * Of a module as it is.
   *
   * @param averages hash of the averaged weights
   */
  public static WeightHashes of(long step, Module module, String averages) {
    Map<String, Entry> state = module.stateDict();
    return new WeightHashes(step, Weights.sha256(state), averages, modules(state));
  }

  private static SortedMap<String, String> modules(Map<String, Entry> state) {
    Map<String, Map<String, Entry>> parts = new TreeMap<>();
    state.forEach((name, entry) ->
        parts.computeIfAbsent(module(name), m -> new LinkedHashMap<>()).put(name, entry));
    SortedMap<String, String> hashes = new TreeMap<>();
    parts.forEach((part, entries) -> hashes.put(part, Weights.sha256(entries)));
    return hashes;
  }

  /**
   * The part of the model that a tensor belongs to: the first word of its name, with the number
   * behind it where that is one of several, such as {@code blocks.3}.
   */
  public static String module(String tensor) {
    String[] words = tensor.split("\\.");
    boolean several = words.length > 2 && words[1].matches("[0-9]{1,9}");
    return several ? words[0] + "." + words[1] : words[0];
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("step", step);
    tree.put("sha256", sha256);
    if (!averages.isEmpty()) {
      tree.put("averages_sha256", averages);
    }
    if (!modules.isEmpty()) {
      tree.put("modules", modules);
    }
    return tree;
  }

  static WeightHashes read(Fields f) throws IOException {
    return new WeightHashes(
        f.step("step"), f.hash("sha256"), f.optionalHash("averages_sha256"), f.texts("modules"));
  }
}
