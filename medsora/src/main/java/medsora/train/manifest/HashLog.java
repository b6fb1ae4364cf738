package medsora.train.manifest;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.config.CanonicalJson;
import medsora.config.ConfigException;
import medsora.train.store.DiskRoom;

/**
 * {@code hashes.jsonl}: what a stage's weights were after some of its steps, {@code
 * {"averages_sha256":"...","modules":{...},"sha256":"...","stage":"vae","step":1000}}, by which
 * anybody who trains the same again can tell where the two part. Older runs put down the raw
 * weights alone.
 */
public final class HashLog {
  /** What the file is called in a run folder. */
  public static final String FILE = "hashes.jsonl";

  private static final long MOST_BYTES = 1L << 28;
  private static final int LONGEST_LINE = 1 << 18;

  private final Path file;
  private final List<Line> lines = new ArrayList<>();

  private record Line(String stage, WeightHashes hashes) {
    String text() {
      Map<String, Object> tree = hashes.tree();
      tree.put("stage", stage);
      return CanonicalJson.line(tree) + "\n";
    }
  }

  private HashLog(Path file) {
    this.file = file;
  }

  /**
   * Reads the file of a folder; it need not be there. Lines that are not whole, which a run left
   * that died, are passed over.
   *
   * @throws IOException where it is larger than any log
   */
  public static HashLog open(Path folder) throws IOException {
    HashLog log = new HashLog(folder.resolve(FILE));
    if (Files.exists(log.file)) {
      if (Files.size(log.file) > MOST_BYTES) {
        throw new IOException("[manifest] " + log.file + " is larger than any list of hashes");
      }
      String all = new String(Files.readAllBytes(log.file), StandardCharsets.UTF_8);
      all.lines().forEach(log::add);
    }
    return log;
  }

  private void add(String line) {
    try {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      Map<String, Object> tree = CanonicalJson.read(file.toString(), bytes, LONGEST_LINE);
      Fields fields = new Fields(file.toString(), "line", new LinkedHashMap<>(tree));
      lines.add(new Line(fields.text("stage"), WeightHashes.read(fields)));
    } catch (ConfigException | IOException e) {
      // A line that is not whole says nothing.
    }
  }

  /** What stands there of a stage, in the order of its steps. */
  public List<WeightHashes> of(String stage) {
    return lines.stream().filter(l -> l.stage.equals(stage)).map(Line::hashes).toList();
  }

  /**
   * Puts down hashes, in the place of what stands there of this stage from this step on: a run that
   * went back does its steps again.
   */
  public void put(String stage, WeightHashes hashes) throws IOException {
    lines.removeIf(l -> l.stage.equals(stage) && l.hashes.step() >= hashes.step());
    lines.add(new Line(stage, hashes));
    StringBuilder text = new StringBuilder();
    lines.forEach(l -> text.append(l.text()));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw DiskRoom.unwritten(file, bytes.length, e, "The checkpoints are untouched");
    }
  }
}
