package tools.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A result.json that anyone may have written: each thing that is taken from it is looked at. */
final class ResultFile {
  static final String NAME = "result.json";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long MOST_BYTES = 1L << 28;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Path file;
  private final JsonNode root;

  private ResultFile(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads the file of a folder.
   *
   * @throws IOException naming it, where it is missing or no JSON object
   */
  static ResultFile read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new IOException("--against wants the --out folder of an evaluation: no file " + file);
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("[against] " + file + " is larger than any result");
    }
    try {
      JsonNode root = MAPPER.readTree(file.toFile());
      if (!root.isObject()) {
        throw new IOException("[against] " + file + " is no JSON object");
      }
      return new ResultFile(file, root);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "[against] %s is no JSON: %s"
              .formatted(file, Printable.brief(String.valueOf(e.getOriginalMessage()))),
          e);
    }
  }

  /** What is at a path of names, as one line of text to compare and to print; empty for nothing. */
  String text(String... path) {
    JsonNode node = at(path);
    return Printable.brief(node.isValueNode() ? node.asText() : node.toString());
  }

  /** Whether there is an entry of a list whose field has a value. */
  JsonNode entry(String list, String field, String value) {
    for (JsonNode node : at(list)) {
      if (node.path(field).asText().equals(value)) {
        return node;
      }
    }
    return MissingNode.getInstance();
  }

  /** The hashes of a set's clips in their order. */
  List<String> hashes(String role) throws IOException {
    List<String> hashes = new ArrayList<>();
    for (JsonNode node : at(role, "sha256")) {
      String hash = node.path("sha256").asText();
      if (!HASH.matcher(hash).matches()) {
        throw damaged(role + ".sha256 holds " + Printable.brief(node.toString()));
      }
      hashes.add(hash);
    }
    if (hashes.isEmpty()) {
      throw damaged(role + ".sha256 is missing or empty");
    }
    return hashes;
  }

  /** Finite numbers of a list; empty where there is none. */
  List<Double> numbers(String... path) throws IOException {
    List<Double> out = new ArrayList<>();
    for (JsonNode node : at(path)) {
      if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
        throw damaged(String.join(".", path) + " holds " + Printable.brief(node.toString()));
      }
      out.add(node.asDouble());
    }
    return out;
  }

  private JsonNode at(String... path) {
    JsonNode node = root;
    for (String name : path) {
      node = node.path(name);
    }
    return node;
  }

  private IOException damaged(String what) {
    return new IOException("[against] %s: %s; run that evaluation again".formatted(file, what));
  }
}
