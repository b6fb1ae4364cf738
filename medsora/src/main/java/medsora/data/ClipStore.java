package medsora.data;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import medsora.media.Clip;
import medsora.media.ClipList;
import medsora.media.Mp4Writer;
import medsora.media.PartFile;
import medsora.media.PngWriter;
import medsora.media.VideoException;

/** A folder into which clips are written, and their list when all are. */
final class ClipStore {
  private final Path folder;
  private final ClipCutter.Format format;
  private final List<ClipCutter.Cut> kept = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** Makes the folder; refuses one that holds a list already. */
  ClipStore(Path folder, ClipCutter.Format format) throws IOException {
    if (Files.exists(folder.resolve(ClipList.NAME))) {
      throw new VideoException(folder.toString(), "already holds clips.tsv; give an empty folder");
    }
    Files.createDirectories(folder);
    this.folder = folder;
    this.format = format;
  }

  /** What was written so far. */
  List<ClipCutter.Cut> kept() {
    return kept;
  }

  /**
   * Writes a clip.
   *
   * @param clip with its rate, at which an mp4 is shown
   * @param number of the clip among those of its video, for its name
   */
  void add(Clip clip, ClipList.Origin origin, int stride, int number) throws IOException {
    String stem = stem(origin.source()) + "-%04d".formatted(number);
    while (!names.add(stem)) {
      stem += "x";
    }
    String file = store(clip.from(stem), stem);
    kept.add(
        new ClipCutter.Cut(
            file, origin.source(), origin.firstFrame(), stride, clip.length(), origin.further()));
  }

  private String store(Clip clip, String stem) throws IOException {
    return switch (format) {
      case STRIP -> {
        PngWriter.strip(folder.resolve(stem + ".png"), clip);
        yield stem + ".png";
      }
      case MP4 -> {
        Mp4Writer.write(folder.resolve(stem + ".mp4"), clip);
        yield stem + ".mp4";
      }
      case FOLDER -> {
        for (int i = 0; i < clip.length(); i++) {
          Path file = folder.resolve(stem).resolve("%04d.png".formatted(i));
          PngWriter.write(file, clip.frames().get(i), clip.height(), clip.width());
        }
        yield stem;
      }
    };
  }

  /** A plain file name from a relative path. */
  private static String stem(String source) {
    int dot = source.lastIndexOf('.');
    String base = dot > source.lastIndexOf('/') + 1 ? source.substring(0, dot) : source;
    String plain = base.replaceAll("[^A-Za-z0-9._-]", "_");
    return plain.length() > 100 ? plain.substring(plain.length() - 100) : plain;
  }

  /** Writes {@value ClipList#NAME}: the columns of every list, and those that any clip has. */
  void writeList() throws IOException {
    SortedSet<String> further = new TreeSet<>();
    kept.forEach(cut -> further.addAll(cut.further().keySet()));
    List<String> columns = new ArrayList<>(ClipList.COLUMNS);
    columns.addAll(further);
    PartFile.write(
        folder.resolve(ClipList.NAME),
        part -> {
          try (BufferedWriter out = Files.newBufferedWriter(part)) {
            out.write(line(columns));
            for (ClipCutter.Cut cut : kept) {
              out.write(line(fields(cut, further)));
            }
          }
        });
  }

  private static List<String> fields(ClipCutter.Cut cut, Set<String> further) {
    List<String> fields = new ArrayList<>();
    fields.add(cut.clip());
    fields.add(cut.source());
    fields.add(Long.toString(cut.firstFrame()));
    fields.add(Integer.toString(cut.stride()));
    fields.add(Integer.toString(cut.frames()));
    further.forEach(column -> fields.add(cut.further().getOrDefault(column, "")));
    return fields;
  }

  private static String line(List<String> fields) {
    return String.join("\t", fields.stream().map(f -> f.replaceAll("[\\t\\r\\n]", " ")).toList())
        + "\n";
  }
}
