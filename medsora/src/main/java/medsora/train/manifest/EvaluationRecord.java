package medsora.train.manifest;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * An evaluation as a manifest has it.
 *
 * @param settings protocol, seed and options by their names, as texts
 * @param inputs SHA-256 of the sets of clips, of the networks' weights and of given features, by
 *     what they are
 * @param result name of the file with its numbers
 * @param resultSha256 of that file
 */
public record EvaluationRecord(
    Made made,
    SortedMap<String, String> settings,
    SortedMap<String, String> inputs,
    String result,
    String resultSha256) {
  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("made", made.tree());
    tree.put("settings", settings);
    tree.put("inputs", inputs);
    tree.put("result", result);
    tree.put("result_sha256", resultSha256);
    return tree;
  }

  static EvaluationRecord read(Fields f) throws IOException {
    return new EvaluationRecord(
        Made.read(f.object("made")),
        f.texts("settings"),
        f.texts("inputs"),
        f.fileName("result"),
        f.hash("result_sha256"));
  }
}
