package medsora.media;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a folder as a video. A section ends where the names do not go on ({@link
 * FrameSequences}), where the size changes, and where a picture cannot be read, which is left out.
 */
final class ImageFolderSource implements FrameSource {
  /** Names that a remark shows. */
  private static final int FEW = 4;

  /** A picture, or the first of those after a seam. */
  private record Place(Path file, boolean begins) {}

  private final String name;
  private final ReadLimits limits;
  private final Iterator<Place> places;
  private final int pictures;
  private final List<List<Path>> read = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private Clip next;
  private @Nullable IOException failure;
  private boolean ended;

  /**
   * @param parts pictures of which each follows the one before it
   */
  ImageFolderSource(String name, List<List<Path>> parts, ReadLimits limits) throws IOException {
    List<Place> all = new ArrayList<>();
    parts.forEach(
        part -> part.forEach(file -> all.add(new Place(file, file.equals(part.getFirst())))));
    if (all.isEmpty()) {
      throw new VideoException(name, "holds no pictures (" + PictureKind.all() + ")");
    }
    limits.checkFrame(name, all.size() - 1L);
    this.name = name;
    this.limits = limits;
    this.places = all.iterator();
    this.pictures = all.size();
    this.next = Clip.of(name, 1, 1, List.of());
    advance();
    if (failure != null) {
      throw failure;
    }
    if (ended) {
      throw new VideoException(
          name, "none of its %d pictures can be read: %s".formatted(pictures, few(unreadable)));
    }
  }

  /** The frames of a folder, read with some options. */
  static ImageFolderSource open(Path folder, ReadOptions options) throws IOException {
    List<Path> pictures = pictures(folder, options);
    Set<Path> frames = new LinkedHashSet<>(pictures);
    MaskNames.among(pictures).forEach(frames::remove);
    return new ImageFolderSource(folder.toString(), FrameSequences.parts(frames), options.limits());
  }

  /**
   * All pictures directly in a folder; without hidden ones, without strips, and without links that
   * lead out of the folder (see {@link VideoFolder}, which names those).
   */
  private static List<Path> pictures(Path folder, ReadOptions options) throws IOException {
    List<Path> pictures = new ArrayList<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.sorted().toList()) {
        if (Pictures.isPictureName(file)
            && VideoFolder.reasonAgainstPicture(file) == null
            && !isStrip(file, options)) {
          pictures.add(file);
        }
      }
    }
    return pictures;
  }

  private static boolean isStrip(Path file, ReadOptions options) {
    try {
      return StripLayout.of(file, options).isPresent();
    } catch (IOException e) {
      // It calls itself one, and is refused as a video of its own.
      return true;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return next.width();
  }

  @Override
  public int height() {
    return next.height();
  }

  @Override
  public int section() {
    return read.size() - 1;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (ended) {
      return false;
    }
    System.arraycopy(next.frames().getFirst(), 0, rgb, 0, frameBytes());
    advance();
    return true;
  }

  /** Reads ahead, since the size of the next frame is to be known before it is asked for. */
  private void advance() {
    boolean seam = read.isEmpty();
    while (places.hasNext() && failure == null) {
      Place place = places.next();
      seam |= place.begins;
      try {
        Clip picture = PictureDecoder.picture(place.file, limits);
        if (seam || picture.width() != width() || picture.height() != height()) {
          read.add(new ArrayList<>());
        }
        read.getLast().add(place.file);
        next = picture;
        return;
      } catch (IOException e) {
        // A decoder that hangs would hang at each of them.
        if (e instanceof StuckDecoderException || Thread.currentThread().isInterrupted()) {
          failure = e;
          return;
        }
        unreadable.add(text(place.file) + ": " + Pictures.reason(e, place.file));
        seam = true;
      }
    }
    ended = true;
  }

  private static String text(Path file) {
    return file.getFileName().toString();
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!unreadable.isEmpty()) {
      remarks.add(
          "%d of %d pictures left out, since they cannot be read: %s"
              .formatted(unreadable.size(), pictures, few(unreadable)));
    }
    if (read.size() > 1) {
      List<String> parts =
          read.stream()
              .map(part ->
                  "%s to %s (%d)"
                      .formatted(text(part.getFirst()), text(part.getLast()), part.size()))
              .toList();
      remarks.add(
          "%d parts by names, numbers and sizes, which no clip joins: %s"
              .formatted(parts.size(), few(parts)));
    }
    return remarks;
  }

  private static String few(List<String> all) {
    String first = String.join("; ", all.subList(0, Math.min(FEW, all.size())));
    String more = all.size() > FEW ? "; and " + (all.size() - FEW) + " more" : "";
    return Printable.line(first + more);
  }

  @Override
  public void close() {}
}
