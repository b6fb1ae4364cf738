package medsora.train.manifest;

import engine.io.Printable;
import engine.io.WholeFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import medsora.config.CanonicalJson;
import medsora.config.ConfigException;
import medsora.config.ConfigTree;
import medsora.train.store.DiskRoom;

/**
 * {@code manifest.json} of a folder: the stages that were trained there, the clips that were drawn
 * there, the evaluation that was made there; whichever there are. It is JSON with keys sorted, a
 * value a line, by the schema docs/manifest.schema.json, and carries a hash of itself: the SHA-256
 * of its bytes without the line of {@code manifest_sha256}.
 *
 * @param stages by their names
 * @param draws in the order in which they were made
 */
public record Manifest(
    SortedMap<String, StageRecord> stages,
    List<DrawRecord> draws,
    Optional<EvaluationRecord> evaluation) {
  /** What the file is called. */
  public static final String FILE = "manifest.json";

  /** The form and its version. */
  public static final String SCHEMA = "medsora manifest 1";

  /** Of a folder that says nothing. */
  public static final Manifest EMPTY = new Manifest(new TreeMap<>(), List.of(), Optional.empty());

  private static final Logger LOG = System.getLogger("medsora");
  private static final String HASH = "manifest_sha256";
  private static final String HASH_LINE = "  \"" + HASH + "\": \"";
  private static final String NO_HASH = "0".repeat(64);
  private static final int MOST_BYTES = 1 << 26;

  public Manifest {
    draws = List.copyOf(draws);
  }

  /** That a manifest is not as it was written. */
  public static final class EditedException extends IOException {
    private static final long serialVersionUID = 1L;

    EditedException(String message) {
      super(message);
    }
  }

  /** With a stage in the place of the one of its name. */
  public Manifest with(String name, StageRecord stage) {
    SortedMap<String, StageRecord> more = new TreeMap<>(stages);
    more.put(name, stage);
    return new Manifest(more, draws, evaluation);
  }

  /** With drawn clips, which take the place of those whose files they replaced. */
  public Manifest with(DrawRecord draw) {
    List<DrawRecord> more = new ArrayList<>();
    draws.stream().map(d -> d.without(draw)).filter(d -> !d.clips().isEmpty()).forEach(more::add);
    more.add(draw);
    return new Manifest(stages, more, evaluation);
  }

  /** With an evaluation. */
  public Manifest with(EvaluationRecord found) {
    return new Manifest(stages, draws, Optional.of(found));
  }

  /**
   * What stands in the manifest of a folder, to be added to: nothing where there is none. One that
   * is no longer as it was written is given up, which is logged.
   */
  public static Manifest ofFolder(Path folder) {
    if (!Files.exists(folder.resolve(FILE))) {
      return EMPTY;
    }
    try {
      return read(folder);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0}; it is written anew, with what is new alone", e.getMessage());
      return EMPTY;
    }
  }

  /** Where the manifest of a folder lies, or the file itself. */
  public static Path file(Path folderOrFile) {
    return Files.isDirectory(folderOrFile) ? folderOrFile.resolve(FILE) : folderOrFile;
  }

  /** Writes the file of a folder. */
  public void write(Path folder) throws IOException {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("schema", SCHEMA);
    tree.put(HASH, NO_HASH);
    tree.put("stages", trees());
    tree.put("samples", draws.stream().map(DrawRecord::tree).toList());
    evaluation.ifPresent(e -> tree.put("evaluation", e.tree()));
    String text = CanonicalJson.lines(tree);
    String hashed = text.replace(HASH_LINE + NO_HASH, HASH_LINE + hash(text));
    byte[] bytes = hashed.getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve(FILE);
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw DiskRoom.unwritten(file, bytes.length, e, "All else is untouched");
    }
  }

  private Map<String, Object> trees() {
    Map<String, Object> all = new LinkedHashMap<>();
    stages.forEach((name, stage) -> all.put(name, stage.tree()));
    return all;
  }

  /** Of a text without the line that begins as that of the hash does. */
  private static String hash(String text) {
    int from = text.indexOf(HASH_LINE);
    int to = from < 0 ? from : text.indexOf('\n', from) + 1;
    return ConfigTree.sha256(from < 0 ? text : text.substring(0, from) + text.substring(to));
  }

  /**
   * Reads the manifest of a folder, or a file. Of older runs it is put together from what there is:
   * the demo's manifest of before, checkpoints, {@code hashes.jsonl}.
   *
   * @throws EditedException where it is not as it was written
   * @throws IOException where there is none, or it is none
   */
  public static Manifest read(Path folderOrFile) throws IOException {
    Path file = file(folderOrFile);
    if (!Files.isRegularFile(file)) {
      return OldManifest.ofFolder(file);
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("[manifest] " + file + " is larger than any manifest");
    }
    byte[] bytes = Files.readAllBytes(file);
    Fields fields = fields(file, bytes);
    if (!fields.has("schema")) {
      return OldManifest.ofDemo(file, fields);
    }
    requireSchema(file, fields.text("schema"));
    requireUnedited(file, new String(bytes, StandardCharsets.UTF_8), fields.hash(HASH));
    return new Manifest(
        fields.objects("stages", StageRecord::read),
        fields.list("samples", DrawRecord::read),
        fields.has("evaluation")
            ? Optional.of(EvaluationRecord.read(fields.object("evaluation")))
            : Optional.empty());
  }

  private static Fields fields(Path file, byte[] bytes) throws IOException {
    try {
      Map<String, Object> tree = CanonicalJson.read(file.toString(), bytes, MOST_BYTES);
      return new Fields(file.toString(), "manifest", tree);
    } catch (ConfigException e) {
      throw new IOException("[manifest] " + e.getMessage() + "; restore it from a copy", e);
    }
  }

  private static void requireSchema(Path file, String schema) throws IOException {
    if (!schema.equals(SCHEMA)) {
      throw new IOException(
          "[manifest] %s is of schema '%s', this program reads '%s'"
              .formatted(file, Printable.brief(schema), SCHEMA));
    }
  }

  private static void requireUnedited(Path file, String text, String said) throws EditedException {
    String found = hash(text);
    if (!found.equals(said)) {
      throw new EditedException(
          "[manifest] %s is not as it was written: it says of itself %s, its content has %s; restore it from a copy"
              .formatted(file, said, found));
    }
  }
}
