package medsora.train.store;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Brings what checkpoints and exports of the first format say of their configuration into today's
 * form. There it was one text: {@code seed=0, Data[size=32, sampling=PAPER, ...],
 * DenoiserConfig[...], ..., vae 1f3a.., networks .., begun from 72d0..}. Whether a value is a good
 * one is not asked here: what comes out is read like any other tree, defaults for what is missing
 * and errors for what is unknown included.
 */
final class OldCheckpoint {
  static final String FORMAT = "medsora checkpoint 1";

  private static final int MAX_DEPTH = 16;
  private static final Pattern SEED = Pattern.compile("seed=(-?[0-9]{1,19})");
  private static final Pattern WORD = Pattern.compile("[\\w.+-]*");
  private static final Pattern RECORD = Pattern.compile("(\\w+)\\[.*");
  private static final Pattern PLAIN =
      Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?|true|false");

  /** Keys of the records that stood beside each other. */
  private static final Map<String, String> PARTS =
      Map.of(
          "Data", "data",
          "VaeConfig", "vae",
          "VaeTraining", "vaeTraining",
          "DenoiserConfig", "denoiser",
          "DenoiserTraining", "denoiserTraining",
          "AlignmentConfig", "alignment",
          "VitConfig", "network",
          "Distillation", "distillation");

  /** What stood beside them, in words. */
  private static final Map<String, Pattern> BESIDE =
      Map.of(
          Identity.BEGUN_FROM, Pattern.compile("begun from (.*)"),
          Identity.VAE_SHA256, Pattern.compile("vae (.*)"),
          Identity.NETWORKS, Pattern.compile("networks (.*)"));

  private static final Pattern LOOKS = Pattern.compile("perceptual (\\S+) of (\\S+)");
  private static final Pattern JUDGED = Pattern.compile("adversarial (\\S+) from (\\S+)");

  private final String text;
  private int at;

  private final Map<String, String> tree = new LinkedHashMap<>();
  private final Map<String, String> beside = new LinkedHashMap<>();
  private final Map<String, String> looks = new LinkedHashMap<>();
  private final List<String> words = new ArrayList<>();

  private OldCheckpoint(String text) {
    this.text = text;
  }

  /**
   * What a file says, in today's form.
   *
   * @throws IOException naming the file and the position, where its text is not of the old form
   */
  static Checkpoint.Info migrated(Path file, Checkpoint.Info old) throws IOException {
    OldCheckpoint reader = new OldCheckpoint(old.config());
    try {
      reader.read();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "[checkpoint] %s holds no configuration: it wants %s; %s"
              .formatted(file, e.getMessage(), Checkpoint.remedy(file)),
          e);
    }
    Map<String, String> extra = new LinkedHashMap<>(old.extra());
    extra.remove(Identity.VAE_SHA256);
    return new Checkpoint.Info(
        old.stage(), old.step(), reader.json(), reader.beside, old.dataSha256(), extra);
  }

  private void read() {
    piece();
    while (at < text.length()) {
      expect(", ");
      piece();
    }
    require(
        words.isEmpty() || tree.containsKey("network"), "parts of a configuration, not " + words);
  }

  private String json() {
    // Both were said only where they were on.
    looks.putIfAbsent("weight", "0");
    looks.putIfAbsent("adversarial", "0");
    looks.putIfAbsent("adversarialFrom", "0");
    if (tree.containsKey("vae")) {
      tree.put("perceptual", object(looks));
    }
    if (tree.containsKey("denoiser")) {
      tree.putIfAbsent("alignment", "{\"enabled\":false}");
    }
    // Version 2 of the tree is what the records were: what came later has the defaults of then.
    tree.put("version", "2");
    if (!words.isEmpty()) {
      tree.put("pictures", quoted(String.join(", ", words)));
    }
    return object(tree);
  }

  /** One of the parts that stand beside each other. */
  private void piece() {
    int end = text.indexOf(", ", at);
    String line = text.substring(at, end < 0 ? text.length() : end);
    Matcher record = RECORD.matcher(line);
    if (record.matches() && PARTS.containsKey(record.group(1))) {
      once(tree, PARTS.get(record.group(1)), value(0));
      return;
    }
    said(line);
    at += line.length();
  }

  private void said(String line) {
    Matcher seed = SEED.matcher(line);
    Matcher perceptual = LOOKS.matcher(line);
    Matcher adversarial = JUDGED.matcher(line);
    if (seed.matches()) {
      once(tree, "seed", seed.group(1));
    } else if (perceptual.matches()) {
      once(looks, "weight", plain(perceptual.group(1)));
      once(beside, Identity.LPIPS_SHA256, perceptual.group(2));
    } else if (adversarial.matches()) {
      once(looks, "adversarial", plain(adversarial.group(1)));
      once(looks, "adversarialFrom", plain(adversarial.group(2)));
    } else if (!saidBeside(line)) {
      // The feature network's checkpoint says so what its pictures are.
      require(!line.isBlank() && line.indexOf('[') < 0, "a part of a configuration");
      words.add(line);
    }
  }

  private boolean saidBeside(String line) {
    for (Map.Entry<String, Pattern> e : BESIDE.entrySet()) {
      Matcher found = e.getValue().matcher(line);
      if (found.matches()) {
        once(beside, e.getKey(), found.group(1));
        return true;
      }
    }
    return false;
  }

  /** A record, a list or a word, as JSON. */
  private String value(int depth) {
    require(depth < MAX_DEPTH, "fewer brackets in each other");
    Matcher word = WORD.matcher(text).region(at, text.length());
    String name = word.lookingAt() ? word.group() : "";
    at += name.length();
    if (!text.startsWith("[", at)) {
      require(!name.isEmpty(), "a value");
      return plain(name);
    }
    at++;
    return name.isEmpty() ? list(depth) : record(depth);
  }

  private String list(int depth) {
    List<String> items = new ArrayList<>();
    while (!text.startsWith("]", at)) {
      separate(items.isEmpty());
      items.add(value(depth + 1));
    }
    expect("]");
    return "[" + String.join(",", items) + "]";
  }

  private String record(int depth) {
    Map<String, String> fields = new LinkedHashMap<>();
    while (!text.startsWith("]", at)) {
      separate(fields.isEmpty());
      int equals = text.indexOf('=', at);
      require(equals > at && text.substring(at, equals).matches("\\w+"), "a name and '='");
      String key = text.substring(at, equals);
      at = equals + 1;
      once(fields, key, value(depth + 1));
    }
    expect("]");
    return object(fields);
  }

  private void separate(boolean first) {
    if (!first) {
      expect(", ");
    }
  }

  private void expect(String literal) {
    require(text.startsWith(literal, at), "'" + literal + "'");
    at += literal.length();
  }

  private void once(Map<String, String> into, String key, String value) {
    require(into.put(key, value) == null, "'" + Printable.brief(key) + "' once");
  }

  private void require(boolean holds, String wanted) {
    if (!holds) {
      int from = Math.clamp(at - 20, 0, text.length());
      int to = Math.clamp(at + 40, from, text.length());
      throw new IllegalArgumentException(
          "%s at character %d: ...%s"
              .formatted(Printable.brief(wanted), at, Printable.line(text.substring(from, to))));
    }
  }

  private static String plain(String word) {
    return PLAIN.matcher(word).matches() ? word : quoted(word);
  }

  private static String object(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(e -> quoted(e.getKey()) + ":" + e.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String s) {
    return '"' + s.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
