package medsora.media;

import engine.io.Printable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The list that the cutter of long videos writes beside its clips: which video each was cut from,
 * and where. Tab-separated UTF-8 with a header that names at least {@code clip}, {@code source} and
 * {@code first_frame}; every line has as many fields as the header. Columns that are not known here
 * are kept with their names, such as a label, a group of videos that belong to one patient, or a
 * split.
 *
 * @param origins by the clip's name below the list's folder
 */
public record ClipList(Map<String, Origin> origins) {
  /** Name of the list in a folder of clips. */
  public static final String NAME = "clips.tsv";

  /** The columns of every list, in the order in which they are written. */
  public static final List<String> COLUMNS =
      List.of("clip", "source", "first_frame", "stride", "frames");

  /** A million clips with names of the longest kind fit; more is no list of ours. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int MAX_LINE = 1 << 16;
  private static final int MAX_COLUMNS = 64;

  /**
   * Where a clip comes from.
   *
   * @param source the video's name when it was cut
   * @param firstFrame number of the clip's first frame there
   * @param further what other columns say, by their names; in their order, without empty ones
   */
  public record Origin(String source, long firstFrame, SortedMap<String, String> further) {
    public Origin {
      further = Collections.unmodifiableSortedMap(new TreeMap<>(further));
    }

    /** Nothing further is known. */
    public Origin(String source, long firstFrame) {
      this(source, firstFrame, Collections.emptySortedMap());
    }
  }

  public ClipList {
    origins = Map.copyOf(origins);
  }

  /**
   * Reads a list.
   *
   * @throws IOException when it is not one of ours, saying why in words of its own, since the
   *     content may be anything
   */
  public static ClipList read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("larger than " + (MAX_BYTES >> 20) + " MiB");
    }
    try (BufferedReader in = Files.newBufferedReader(file)) {
      return new ClipList(rows(in));
    } catch (CharacterCodingException e) {
      throw new IOException("not UTF-8 text", e);
    }
  }

  private static Map<String, Origin> rows(BufferedReader in) throws IOException {
    List<String> columns = header(in);
    int clip = columns.indexOf("clip");
    Map<String, Origin> rows = new HashMap<>();
    int number = 1;
    for (String line = line(in, 2); line != null; line = line(in, number + 1)) {
      number++;
      List<String> fields = fields(line, number);
      if (fields.size() != columns.size()) {
        throw new IOException(
            "line %d has %d fields, the first has %d"
                .formatted(number, fields.size(), columns.size()));
      }
      requireBeside(fields.get(clip), number);
      Origin origin = origin(columns, fields, number);
      if (rows.put(fields.get(clip), origin) != null) {
        throw new IOException("line " + number + " names a clip again");
      }
    }
    return rows;
  }

  private static List<String> header(BufferedReader in) throws IOException {
    String header = line(in, 1);
    List<String> columns = header == null ? List.of() : fields(header, 1);
    if (!columns.containsAll(List.of("clip", "source", "first_frame"))) {
      throw new IOException("its first line does not name clip, source and first_frame");
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      throw new IOException("its first line names a column twice");
    }
    return columns;
  }

  private static Origin origin(List<String> columns, List<String> fields, int line)
      throws IOException {
    String first = fields.get(columns.indexOf("first_frame"));
    SortedMap<String, String> further = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (!COLUMNS.contains(columns.get(i)) && !fields.get(i).isEmpty()) {
        further.put(columns.get(i), fields.get(i));
      }
    }
    return new Origin(fields.get(columns.indexOf("source")), frameNumber(first, line), further);
  }

  /** The next line, or null at the end; a file without line breaks is not held whole. */
  private static @Nullable String line(BufferedReader in, int number) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (line.length() == MAX_LINE) {
        throw new IOException("line " + number + " has more than " + MAX_LINE + " characters");
      }
      line.append((char) c);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  private static List<String> fields(String line, int number) throws IOException {
    List<String> fields = List.of(line.split("\t", MAX_COLUMNS + 1));
    if (fields.size() > MAX_COLUMNS) {
      throw new IOException("line " + number + " has more than " + MAX_COLUMNS + " fields");
    }
    return fields;
  }

  /** A clip lies beside its list or below it; a list that says otherwise is not one of ours. */
  private static void requireBeside(String clip, int line) throws IOException {
    Path path;
    try {
      path = Path.of(clip);
    } catch (InvalidPathException e) {
      throw new IOException("line " + line + " names no path: " + Printable.brief(clip));
    }
    boolean climbs = false;
    for (Path part : path) {
      climbs |= part.toString().equals("..");
    }
    if (path.isAbsolute() || climbs || clip.isEmpty()) {
      throw new IOException(
          "line "
              + line
              + " names a clip outside the list's folder: '"
              + Printable.brief(clip)
              + "'");
    }
  }

  private static long frameNumber(String text, int line) throws IOException {
    if (!text.matches("[0-9]{1,18}")) {
      throw new IOException("line " + line + " has no first frame");
    }
    return Long.parseLong(text);
  }
}
