package medsora.media;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a folder offers as videos: files with a video's ending, png strips ({@link ReadOptions}),
 * and each folder of still pictures as one video; sorted by path. Links are followed to files
 * inside the folder only. Masks and labels beside pictures, told by their names, are left out.
 *
 * @param root the folder, or a single video
 * @param videos paths to open with {@link VideoReader}
 * @param lists what the cutter of long videos wrote about clips in the folder or below it
 * @param ignored everything else, with the reason, in order of names
 * @param claimed those of the videos that a {@link VideoFormat} reads, whose paths are not shown
 */
public record VideoFolder(
    Path root,
    List<Path> videos,
    List<Path> lists,
    List<Dropped> ignored,
    Map<Path, VideoFormat.Found.Video> claimed) {
  /**
   * Something that is not used.
   *
   * @param what path or clip
   * @param reason why
   */
  public record Dropped(String what, String reason) {
    public Dropped {
      what = Printable.line(what);
    }

    /** In order of names, of one name in the order given. */
    public static List<Dropped> byName(List<Dropped> all) {
      return all.stream()
          .sorted(Comparator.comparing(Dropped::what, NaturalOrder.INSTANCE))
          .toList();
    }

    /** Some of many for a message: the first few and how many more there are. */
    public static String list(List<Dropped> all) {
      return Printable.some(all.stream().map(d -> d.what + ": " + d.reason).toList());
    }
  }

  public VideoFolder {
    videos = List.copyOf(videos);
    lists = List.copyOf(lists);
    ignored = List.copyOf(ignored);
    claimed = Map.copyOf(claimed);
  }

  /** Lists a folder, or the one video that {@code root} is, with {@link ReadOptions#DEFAULT}. */
  public static VideoFolder list(Path root) throws IOException {
    return list(root, ReadOptions.DEFAULT);
  }

  /** Lists a folder, or the one video that {@code root} is. */
  public static VideoFolder list(Path root, ReadOptions options) throws IOException {
    if (!Files.exists(root)) {
      throw new VideoException(root.toString(), "no such folder");
    }
    if (!Files.isDirectory(root)) {
      VideoFormat.Found found = VideoFormats.find().find(List.of(root));
      boolean plain = found.videos().isEmpty() && found.refused().isEmpty();
      List<Path> one = plain ? List.of(root) : paths(found);
      return new VideoFolder(root, one, List.of(), found.refused(), byPath(found));
    }
    if (Files.isSymbolicLink(root)) {
      // The walk does not follow links, and the folder itself may be one.
      return list(root.toRealPath(), options);
    }
    FolderWalk walk = new FolderWalk(root, root.toRealPath(), options);
    Files.walkFileTree(root, walk);
    walk.sortPictures();
    List<Path> videos = new ArrayList<>(walk.videos);
    videos.addAll(walk.pictures.keySet());
    videos.sort(Comparator.comparing(p -> relative(root, p)));
    walk.claimed.sort(Comparator.comparing(p -> relative(root, p)));
    VideoFormat.Found found = walk.formats.find(walk.claimed);
    videos.addAll(paths(found));
    List<Dropped> ignored = new ArrayList<>(walk.ignored());
    ignored.addAll(found.refused());
    walk.lists.sort(Comparator.comparing(p -> relative(root, p)));
    return new VideoFolder(root, videos, walk.lists, Dropped.byName(ignored), byPath(found));
  }

  private static List<Path> paths(VideoFormat.Found found) {
    return found.videos().stream().map(VideoFormat.Found.Video::path).toList();
  }

  private static Map<Path, VideoFormat.Found.Video> byPath(VideoFormat.Found found) {
    return found.videos().stream().collect(Collectors.toMap(v -> v.path(), v -> v));
  }

  /**
   * The path below the root with slashes, for messages and for an order that is the same
   * everywhere.
   */
  static String relative(Path root, Path path) {
    String text = root.relativize(path).toString().replace('\\', '/');
    return text.isEmpty() ? path.getFileName().toString() : text;
  }

  /** Why a still picture is not one of its folder's frames, or null when it is. */
  static @Nullable String reasonAgainstPicture(Path file) {
    if (file.getFileName().toString().startsWith(".")) {
      return "hidden file";
    }
    if (!Files.isRegularFile(file)) {
      return "not a regular file";
    }
    if (!Files.isSymbolicLink(file)) {
      return null;
    }
    try {
      Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent()).toRealPath();
      return file.toRealPath().startsWith(folder) ? null : "link to a picture of another folder";
    } catch (IOException e) {
      return "broken link";
    }
  }

  /** A path written down below a folder, or nothing where it cannot be one. */
  public static Optional<Path> below(Path folder, String name) {
    try {
      return Optional.of(folder.resolve(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * The name of one of the videos or lists relative to the root, or one that tells nothing where
   * the path may be a person's.
   */
  public String name(Path file) {
    VideoFormat.Found.Video video = claimed.get(file);
    return video == null ? relative(root, file) : video.name();
  }

  /** What is equal for videos of one person, where a format tells. */
  public Optional<String> group(Path file) {
    return Optional.ofNullable(claimed.get(file)).map(VideoFormat.Found.Video::group);
  }
}
