package medsora.media;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  private static final int MAX_FILES = 1_000_000;

  /** Those of the containers that {@link FfmpegProgram} is let read, and gif. */
  private static final Set<String> ENDINGS =
      Set.of(
          "mp4", "m4v", "mov", "qt", "3gp", "3g2", "mj2", "f4v", "avi", "divx", "mkv", "webm",
          "mpg", "mpeg", "mpe", "m1v", "m2v", "mpv", "vob", "dat", "ts", "m2t", "m2ts", "mts",
          "tod", "mod", "wmv", "asf", "wtv", "flv", "ogv", "ogm", "ogg", "mxf", "dv", "dif", "rm",
          "rmvb", "y4m", "nut", "ivf", "h264", "264", "avc", "hevc", "h265", "265", "gxf", "obu",
          "vc1", "nsv", "dav", "gif");

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
    Walk walk = new Walk(root, root.toRealPath(), options);
    Files.walkFileTree(root, walk);
    walk.sortPictures();
    List<Path> videos = new ArrayList<>(walk.videos);
    videos.addAll(walk.pictures.keySet());
    videos.sort(Comparator.comparing(p -> relative(root, p)));
    walk.claimed.sort(Comparator.comparing(p -> relative(root, p)));
    VideoFormat.Found found = walk.formats.find(walk.claimed);
    videos.addAll(paths(found));
    walk.ignored.addAll(found.refused());
    walk.lists.sort(Comparator.comparing(p -> relative(root, p)));
    return new VideoFolder(root, videos, walk.lists, Dropped.byName(walk.ignored), byPath(found));
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
      Path folder = file.toAbsolutePath().getParent().toRealPath();
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

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Path realRoot;
    private final ReadOptions options;
    private final List<Path> videos = new ArrayList<>();
    private final SortedMap<Path, List<Path>> pictures = new TreeMap<>();
    private final List<Path> lists = new ArrayList<>();
    private final List<Dropped> ignored = new ArrayList<>();
    private final List<Path> claimed = new ArrayList<>();
    private final VideoFormats formats = VideoFormats.find();
    private int files;

    Walk(Path root, Path realRoot, ReadOptions options) {
      this.root = root;
      this.realRoot = realRoot;
      this.options = options;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (++files > MAX_FILES) {
        throw new VideoException(realRoot.toString(), "holds more than " + MAX_FILES + " files");
      }
      String why = reasonAgainst(file, attributes);
      if (why != null) {
        ignored.add(new Dropped(relative(root, file), why));
      } else if (isList(file)) {
        lists.add(file);
      } else if (!Pictures.isPictureName(file)) {
        (hasVideoEnding(file) ? videos : claimed).add(file);
      } else {
        visitPicture(file);
      }
      return FileVisitResult.CONTINUE;
    }

    private void visitPicture(Path file) {
      try {
        if (StripLayout.of(file, options).isPresent()) {
          videos.add(file);
          return;
        }
      } catch (IOException e) {
        // It calls itself a strip, and is refused by its own name when it is opened.
        videos.add(file);
        return;
      }
      String why = reasonAgainstPicture(file);
      if (why == null) {
        pictures.computeIfAbsent(file.getParent(), folder -> new ArrayList<>()).add(file);
      } else {
        ignored.add(new Dropped(relative(root, file), why));
      }
    }

    /** Tells frames from masks and labels, once all are known. */
    void sortPictures() {
      List<Path> folders = pictures.keySet().stream().filter(this::isMaskFolder).toList();
      for (Path folder : folders) {
        String count = count(pictures.remove(folder));
        ignored.add(
            new Dropped(
                relative(root, folder), "masks or labels by its name, beside pictures: " + count));
      }
      pictures.forEach((folder, files) -> {
        List<Path> masks = MaskNames.among(files);
        if (!masks.isEmpty()) {
          String one = relative(root, masks.stream().min(Comparator.naturalOrder()).orElseThrow());
          ignored.add(
              new Dropped(one, "mask or label by its name, beside frames: " + count(masks)));
        }
      });
    }

    private boolean isMaskFolder(Path folder) {
      Path parent = folder.getParent();
      return !folder.equals(root)
          && MaskNames.isMaskFolder(folder)
          && pictures.keySet().stream()
              .anyMatch(other ->
                  other.equals(parent)
                      || (parent.equals(other.getParent()) && !MaskNames.isMaskFolder(other)));
    }

    private static String count(List<Path> files) {
      return files.size() + (files.size() == 1 ? " picture" : " pictures");
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
      if (e != null) {
        ignored.add(new Dropped(relative(root, folder), "cannot be listed: " + Pictures.reason(e)));
      } else if (hasVideoEnding(folder) && !folder.equals(root) && !holdsVideos(folder)) {
        ignored.add(new Dropped(relative(root, folder), "a folder, not a video file"));
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean holdsVideos(Path folder) {
      return Stream.of(videos, pictures.keySet(), claimed)
          .flatMap(Collection::stream)
          .anyMatch(p -> p.startsWith(folder));
    }

    private static boolean hasVideoEnding(Path file) {
      String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
      return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private @Nullable String reasonAgainst(Path file, BasicFileAttributes attributes) {
      if (file.getFileName().toString().startsWith(".")) {
        return "hidden file";
      }
      if (attributes.isSymbolicLink()) {
        try {
          Path real = file.toRealPath();
          if (Files.isDirectory(real)) {
            return "link to a folder";
          }
          if (!real.startsWith(realRoot)) {
            return "link that leaves the folder";
          }
        } catch (IOException e) {
          return "broken link";
        }
      } else if (!attributes.isRegularFile()) {
        return "not a regular file";
      }
      if (isList(file)) {
        return null;
      }
      boolean known = hasVideoEnding(file) || Pictures.isPictureName(file);
      return known || isClaimed(file) ? null : "not a video file";
    }

    private boolean isClaimed(Path file) {
      try {
        return formats.of(file).isPresent();
      } catch (IOException e) {
        return false;
      }
    }

    private static boolean isList(Path file) {
      return file.getFileName().toString().equals(ClipList.NAME);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      ignored.add(new Dropped(relative(root, file), "cannot be visited: " + Pictures.reason(e)));
      return FileVisitResult.CONTINUE;
    }
  }
}
