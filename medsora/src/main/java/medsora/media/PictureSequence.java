package medsora.media;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pictures one after the other as a video, such as those of a folder ({@link ImageFolder}) or the
 * pages of a tiff. A section ends where a part of them does, where the size changes, and where a
 * picture cannot be read, which is left out.
 */
final class PictureSequence implements FrameSource {
  /** Names that a remark shows. */
  private static final int FEW = 4;

  /** Decodes a picture. */
  interface Reading {
    Clip picture() throws IOException;
  }

  /**
   * A picture.
   *
   * @param text what it is called in remarks
   * @param file its file
   * @param begins whether a part begins with it
   */
  record Place(String text, Path file, boolean begins, Reading reading) {}

  private final String name;
  private final Iterator<Place> places;
  private final int pictures;
  private final List<List<String>> read = new ArrayList<>();
  private final Map<String, List<String>> unreadable = new LinkedHashMap<>();
  private Clip next;
  private @Nullable IOException failure;
  private boolean ended;

  /**
   * Reads the first picture.
   *
   * @param name what is read, for messages
   * @param all at least one
   */
  PictureSequence(String name, List<Place> all, ReadLimits limits) throws IOException {
    limits.checkFrame(name, all.size() - 1L);
    this.name = name;
    this.places = all.iterator();
    this.pictures = all.size();
    this.next = Clip.of(name, 1, 1, List.of());
    advance();
    if (failure != null) {
      throw failure;
    }
    if (ended) {
      throw new VideoException(
          name, "none of its %d pictures can be read: %s".formatted(pictures, few(failures())));
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
        Clip picture = place.reading.picture();
        if (seam || picture.width() != width() || picture.height() != height()) {
          read.add(new ArrayList<>());
        }
        read.getLast().add(place.text);
        next = picture;
        return;
      } catch (IOException e) {
        // A decoder that hangs would hang at each of them.
        if (e instanceof StuckDecoderException || Thread.currentThread().isInterrupted()) {
          failure = e;
          return;
        }
        String why = Pictures.reason(e, place.file);
        unreadable.computeIfAbsent(why, w -> new ArrayList<>()).add(place.text);
        seam = true;
      }
    }
    ended = true;
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!unreadable.isEmpty()) {
      int count = unreadable.values().stream().mapToInt(List::size).sum();
      remarks.add(
          "%d of %d pictures left out, since they cannot be read: %s"
              .formatted(count, pictures, few(failures())));
    }
    if (read.size() > 1) {
      List<String> parts =
          read.stream()
              .map(part -> "%s to %s (%d)".formatted(part.getFirst(), part.getLast(), part.size()))
              .toList();
      remarks.add(
          "%d parts by names, numbers and sizes, which no clip joins: %s"
              .formatted(parts.size(), few(parts)));
    }
    return remarks;
  }

  /** Each reason once. */
  private List<String> failures() {
    return unreadable.entrySet().stream()
        .map(e -> {
          int more = e.getValue().size() - 1;
          String which = e.getValue().getFirst() + (more > 0 ? " and %d more" : "").formatted(more);
          return which + ": " + e.getKey();
        })
        .toList();
  }

  private static String few(List<String> all) {
    String first = String.join("; ", all.subList(0, Math.min(FEW, all.size())));
    String more = all.size() > FEW ? "; and " + (all.size() - FEW) + " more" : "";
    return Printable.line(first + more);
  }

  @Override
  public void close() {}
}
