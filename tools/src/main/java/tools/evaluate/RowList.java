package tools.evaluate;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import medsora.metric.protocol.Judge;

/**
 * Which rows of a file of features a number was measured on, and in which order: a file with a hash
 * a line beside it, so that another run can take them up again.
 */
public final class RowList {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** Lines of the largest set, all frames of 2048 videos among them, are far below. */
  private static final long MOST_BYTES = 1L << 30;

  private RowList() {}

  /** Writes a list. */
  public static void write(Path folder, Judge judge, String role, List<String> hashes)
      throws IOException {
    byte[] text = (String.join("\n", hashes) + "\n").getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file(folder, judge, role), text);
  }

  /**
   * Reads one.
   *
   * @throws IOException naming the file, where it is missing or no such list
   */
  public static List<String> read(Path folder, Judge judge, String role) throws IOException {
    Path file = file(folder, judge, role);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "[against] no file " + file + ": run that evaluation again, it keeps its features");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("[against] " + file + " is larger than any list of clips");
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < lines.size(); i++) {
      if (!HASH.matcher(lines.get(i)).matches()) {
        throw new IOException(
            "[against] %s: line %d is no SHA-256; run that evaluation again"
                .formatted(file, i + 1));
      }
    }
    return lines;
  }

  private static Path file(Path folder, Judge judge, String role) {
    return folder.resolve(judge.metric().shown() + "-" + role + ".txt");
  }
}
