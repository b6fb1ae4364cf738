package medsora.data.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.media.VideoException;

/**
 * A labelled picture of Kvasir-Capsule, which is a frame of a video: {@code VIDEO_NUMBER.jpg}.
 *
 * @param video sixteen hexadecimal digits
 * @param number of the frame in the video
 * @param label what it shows
 */
record KvasirFrame(String video, long number, String label) {
  private static final Pattern FILE =
      Pattern.compile("([0-9a-f]{16})_(\\d{1,9})\\.[a-z]{3,4}", Pattern.CASE_INSENSITIVE);

  /** Lines of an official split: {@code filename,label}. */
  static List<KvasirFrame> split(Path file) throws IOException {
    columns(file, ",", List.of("filename", "label"));
    return Contents.parsed(
        file,
        1,
        line -> {
          String[] fields = line.split(",", -1);
          if (fields.length < 2) {
            throw new IllegalArgumentException("has fewer than two fields");
          }
          return named(fields[0], fields[1]);
        });
  }

  /** Lines of metadata.csv: {@code filename;video_id;frame_number;...;finding_class;...}. */
  static List<KvasirFrame> metadata(Path file) throws IOException {
    List<String> columns = columns(file, ";", List.of("filename", "finding_class"));
    int name = columns.indexOf("filename");
    int label = columns.indexOf("finding_class");
    return Contents.parsed(
        file,
        1,
        line -> {
          String[] fields = line.split(";", -1);
          if (fields.length <= Math.max(name, label)) {
            throw new IllegalArgumentException("has fewer fields than its first line names");
          }
          return named(fields[name], fields[label]);
        });
  }

  private static KvasirFrame named(String picture, String label) {
    Matcher m = FILE.matcher(picture.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException("names no picture of the form VIDEO_NUMBER.jpg");
    }
    return new KvasirFrame(
        m.group(1).toLowerCase(Locale.ROOT), Long.parseLong(m.group(2)), label.strip());
  }

  /** What the first line names. */
  private static List<String> columns(Path file, String separator, List<String> wanted)
      throws IOException {
    List<String> lines = Contents.lines(file);
    String header = lines.isEmpty() ? "" : lines.getFirst().strip();
    List<String> columns = List.of(header.split(separator, -1));
    if (!columns.containsAll(wanted)) {
      throw new VideoException(
          file.toString(),
          "its first line does not name %s between '%s'"
              .formatted(String.join(" and ", wanted), separator));
    }
    return columns;
  }
}
