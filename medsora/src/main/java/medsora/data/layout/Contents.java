package medsora.data.layout;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import medsora.data.VideoToCut;
import medsora.data.VideosToCut;
import medsora.media.ReadOptions;
import medsora.media.VideoException;
import medsora.media.VideoFolder;
import medsora.media.VideoFolder.Dropped;

/**
 * What a data set's folder holds, of which a layout picks its own by their paths.
 *
 * @param layout for messages
 * @param folder videos in it and below
 */
record Contents(Layout layout, VideoFolder folder) {
  private static final int SHOWN = 12;
  private static final long MAX_TEXT = 1L << 28;

  static Contents of(Layout layout, Path root, ReadOptions options) throws IOException {
    return new Contents(layout, VideoFolder.list(root, options));
  }

  Path root() {
    return folder.root();
  }

  /**
   * The videos whose path below the folder a pattern matches; all others are ignored.
   *
   * @param wanted in words, for the error
   * @param notes what a user should know
   * @throws VideoException when there is none
   */
  VideosToCut pick(Pattern pattern, String wanted, List<String> notes, Picker picker)
      throws IOException {
    List<VideoToCut> videos = new ArrayList<>();
    List<Dropped> ignored = new ArrayList<>(folder.ignored());
    Pattern used = layout.reader().annotations();
    ignored.removeIf(file -> used.matcher(file.what()).matches());
    for (Path path : folder.videos()) {
      String name = folder.name(path);
      Matcher m = pattern.matcher(name);
      if (m.matches()) {
        videos.add(picker.video(path, name, m));
      } else {
        ignored.add(new Dropped(name, "no part of the layout " + layout.title()));
      }
    }
    if (videos.isEmpty()) {
      throw missing(wanted);
    }
    return new VideosToCut(root(), videos, ignored, notes);
  }

  /** Makes a video of a path that matched. */
  interface Picker {
    VideoToCut video(Path path, String name, Matcher match) throws IOException;
  }

  /** That something is not there, and what is. */
  VideoException missing(String wanted) throws IOException {
    List<String> found = new ArrayList<>();
    if (Files.isDirectory(root())) {
      try (Stream<Path> list = Files.list(root())) {
        list.map(p -> p.getFileName().toString()).sorted().limit(SHOWN).forEach(found::add);
      }
    }
    return new VideoException(
        root().toString(),
        "is no %s: looked for %s; found %s (docs/data-sets.md says which form is expected)"
            .formatted(
                layout.title(), wanted, found.isEmpty() ? "nothing" : String.join(", ", found)));
  }

  /** The folder that holds the folder of a video or of its pictures. */
  static Path set(Path video) {
    return above(above(video.toAbsolutePath()));
  }

  private static Path above(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** A text file, where it is there. */
  static Optional<Path> file(Path path) {
    return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
  }

  /** Lines of a text file of the set, which is not larger than any published one. */
  static List<String> lines(Path file) throws IOException {
    if (Files.size(file) > MAX_TEXT) {
      throw new VideoException(
          file.toString(), "larger than %d MiB, no annotation is".formatted(MAX_TEXT >> 20));
    }
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new VideoException(file.toString(), "is no UTF-8 text", e);
    }
  }

  /**
   * Reads each line of an annotation that is not blank, naming its number in a fault.
   *
   * @param heads lines before the first
   */
  static <T> List<T> parsed(Path file, int heads, Function<String, T> parser) throws IOException {
    List<String> lines = lines(file);
    List<T> out = new ArrayList<>();
    for (int i = heads; i < lines.size(); i++) {
      try {
        if (!lines.get(i).isBlank()) {
          out.add(parser.apply(lines.get(i)));
        }
      } catch (IllegalArgumentException e) {
        throw new VideoException(
            file.toString(), "line %d: %s".formatted(i + 1, e.getMessage()), e);
      }
    }
    return out;
  }
}
