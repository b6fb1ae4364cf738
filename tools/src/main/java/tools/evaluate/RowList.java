package tools.evaluate;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import medsora.metric.protocol.Judge;

/**
 * Which rows of a file of features a number was measured on, and in which order: a file with a hash
 * a line beside it, and an empty line after each video of frames, so that another run can take them
 * up again.
 */
public final class RowList {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** Lines of the largest set, all frames of 2048 videos among them, are far below. */
  private static final long MOST_BYTES = 1L << 30;

  private RowList() {}

  /**
   * Rows of a number.
   *
   * @param lengths how many of them each video has; empty where they do not come by videos
   */
  public record Listed(List<String> hashes, List<Integer> lengths) {
    public Listed {
      hashes = List.copyOf(hashes);
      lengths = List.copyOf(lengths);
    }
  }

  /**
   * Writes a list.
   *
   * @param lengths as those of {@link Listed}
   */
  public static void write(
      Path folder, Judge judge, String role, List<String> hashes, List<Integer> lengths)
      throws IOException {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int length : lengths) {
      hashes.subList(at, at + length).forEach(hash -> text.append(hash).append('\n'));
      text.append('\n');
      at += length;
    }
    hashes.subList(at, hashes.size()).forEach(hash -> text.append(hash).append('\n'));
    WholeFile.write(file(folder, judge, role), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads one.
   *
   * @throws IOException naming the file, where it is missing or no such list
   */
  public static Listed read(Path folder, Judge judge, String role) throws IOException {
    Path file = file(folder, judge, role);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "[against] no file " + file + ": run that evaluation again, it keeps its features");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("[against] " + file + " is larger than any list of clips");
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    List<String> hashes = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    int ended = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isEmpty() && hashes.size() > ended) {
        lengths.add(hashes.size() - ended);
        ended = hashes.size();
      } else if (HASH.matcher(lines.get(i)).matches()) {
        hashes.add(lines.get(i));
      } else {
        throw new IOException(
            "[against] %s: line %d is no SHA-256; run that evaluation again"
                .formatted(file, i + 1));
      }
    }
    if (judge.metric() == Judge.Metric.FID && ended < hashes.size()) {
      throw new IOException(
          "[against] %s does not say where videos end; run that evaluation again".formatted(file));
    }
    return new Listed(hashes, lengths);
  }

  private static Path file(Path folder, Judge judge, String role) {
    return folder.resolve(judge.metric().shown() + "-" + role + ".txt");
  }
}
