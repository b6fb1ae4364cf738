package medsora.media;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import medsora.media.VideoFolder.Dropped;
import org.jspecify.annotations.Nullable;

/** What lies in a folder and the folders below it, by what it is; links are not followed out. */
final class FolderWalk extends SimpleFileVisitor<Path> {
  private static final int MAX_FILES = 1_000_000;

  /** Those of the containers that {@link FfmpegProgram} is let read, and gif. */
  private static final Set<String> ENDINGS =
      Set.of(
          "mp4", "m4v", "mov", "qt", "3gp", "3g2", "mj2", "f4v", "avi", "divx", "mkv", "webm",
          "mpg", "mpeg", "mpe", "m1v", "m2v", "mpv", "vob", "dat", "ts", "m2t", "m2ts", "mts",
          "tod", "mod", "wmv", "asf", "wtv", "flv", "ogv", "ogm", "ogg", "mxf", "dv", "dif", "rm",
          "rmvb", "y4m", "nut", "ivf", "h264", "264", "avc", "hevc", "h265", "265", "gxf", "obu",
          "vc1", "nsv", "dav", "mjpeg", "mjpg", "ismv", "swf", "h263", "h261", "drc", "mp4v", "26l",
          "gif");

  /** Of pictures that are not read. */
  private static final Set<String> UNREAD =
      Set.of(
          "jp2", "j2k", "j2c", "jpf", "jpx", "jpc", "jls", "jxl", "jxr", "heic", "heif", "hif",
          "avif", "pam", "pbm", "pfm", "psd", "exr", "tga", "dng");

  private static final String NO_VIDEO = "not a video file";
  private static final String UNNAMED = "(a name that is not shown)";

  /** Something that is not used. */
  private record Ignored(Path path, String why) {}

  private final Path root;
  private final Path realRoot;
  private final ReadOptions options;
  final List<Path> videos = new ArrayList<>();
  final SortedMap<Path, List<Path>> pictures = new TreeMap<>();
  final List<Path> lists = new ArrayList<>();
  private final List<Ignored> ignored = new ArrayList<>();
  private final Map<Path, SortedSet<Path>> unread = new TreeMap<>();
  final List<Path> claimed = new ArrayList<>();
  final VideoFormats formats = VideoFormats.find();
  private int files;

  FolderWalk(Path root, Path realRoot, ReadOptions options) {
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
    if (NO_VIDEO.equals(why) && UNREAD.contains(ending(file))) {
      unread.computeIfAbsent(file.getParent(), folder -> new TreeSet<>()).add(file);
    } else if (why != null) {
      ignored.add(new Ignored(file, why));
    } else if (isList(file)) {
      lists.add(file);
    } else if (isClaimed(file)) {
      // Before all endings: such a file under any name is not to be shown by that.
      claimed.add(file);
    } else if (hasVideoEnding(file)) {
      videos.add(file);
    } else {
      visitPicture(file);
    }
    return FileVisitResult.CONTINUE;
  }

  private void visitPicture(Path file) {
    if (ImageFolder.isVideo(file, options)) {
      videos.add(file);
      return;
    }
    String why = VideoFolder.reasonAgainstPicture(file);
    if (why == null) {
      pictures.computeIfAbsent(file.getParent(), folder -> new ArrayList<>()).add(file);
    } else {
      ignored.add(new Ignored(file, why));
    }
  }

  /**
   * All that is not used, and why. What lies beside or above files whose names are not shown, such
   * as the hidden shadow of one on a stick, may bear the same name.
   */
  List<Dropped> ignored() {
    Set<Path> secret =
        claimed.stream().map(Path::getParent).collect(Collectors.toCollection(HashSet::new));
    return ignored.stream()
        .map(i -> {
          Path folder = i.path.getParent();
          boolean shown =
              !secret.contains(folder)
                  && !formats.claimName(i.path)
                  && secret.stream().noneMatch(s -> s.startsWith(i.path));
          return new Dropped(shown ? VideoFolder.relative(root, i.path) : UNNAMED, i.why);
        })
        .toList();
  }

  /** Tells frames from covers, masks and labels, once all are known. */
  void sortPictures() {
    for (SortedSet<Path> files : unread.values()) {
      String kinds =
          files.stream().map(FolderWalk::ending).distinct().sorted().collect(joining(", "));
      String why = "%s, of a kind that is not read (%s)".formatted(count(files), kinds);
      ignored.add(new Ignored(files.getFirst(), why));
    }
    Set<Path> filmed = videos.stream().map(Path::getParent).collect(Collectors.toSet());
    pictures
        .entrySet()
        .removeIf(of -> {
          boolean cover = of.getValue().size() == 1 && filmed.contains(of.getKey());
          if (cover) {
            ignored.add(new Ignored(of.getValue().getFirst(), "a single picture beside videos"));
          }
          return cover;
        });
    Map<Path, List<Path>> masksOnly = new TreeMap<>(pictures);
    masksOnly.keySet().removeIf(folder -> !isMaskFolder(folder));
    for (Map.Entry<Path, List<Path>> masked : masksOnly.entrySet()) {
      Path folder = masked.getKey();
      String count = count(masked.getValue());
      pictures.remove(folder);
      ignored.add(new Ignored(folder, "masks or labels by its name, beside pictures: " + count));
    }
    pictures.forEach((folder, files) -> {
      List<Path> masks = MaskNames.among(files);
      if (!masks.isEmpty()) {
        Path one = masks.stream().min(Comparator.naturalOrder()).orElseThrow();
        ignored.add(new Ignored(one, "mask or label by its name, beside frames: " + count(masks)));
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
                    || (Objects.equals(parent, other.getParent())
                        && !MaskNames.isMaskFolder(other)));
  }

  private static String count(Collection<Path> files) {
    return files.size() + (files.size() == 1 ? " picture" : " pictures");
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, IOException e) {
    if (e != null) {
      ignored.add(new Ignored(folder, "cannot be listed: " + Pictures.reason(e)));
    } else if (hasVideoEnding(folder) && !folder.equals(root) && !holdsVideos(folder)) {
      ignored.add(new Ignored(folder, "a folder, not a video file"));
    }
    return FileVisitResult.CONTINUE;
  }

  private boolean holdsVideos(Path folder) {
    return Stream.of(videos, pictures.keySet(), claimed)
        .flatMap(Collection::stream)
        .anyMatch(p -> p.startsWith(folder));
  }

  /** Whether a file's name ends as that of a video. */
  static boolean hasVideoEnding(Path file) {
    return ENDINGS.contains(ending(file));
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
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
    if (hasVideoEnding(file) || Pictures.isPictureName(file)) {
      return null;
    }
    try {
      return formats.of(file).isPresent() ? null : NO_VIDEO;
    } catch (IOException e) {
      return "cannot be read: " + Pictures.reason(e, file);
    }
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
    ignored.add(new Ignored(file, "cannot be visited: " + Pictures.reason(e)));
    return FileVisitResult.CONTINUE;
  }
}
