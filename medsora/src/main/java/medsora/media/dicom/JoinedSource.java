package medsora.media.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.StuckDecoderException;
import medsora.media.VideoException;
import org.jspecify.annotations.Nullable;

/**
 * Files one after the other. Single frames of a series are one section as long as their numbers go
 * on ({@link Series}) and their size does not change; each other file begins a new one. One of
 * several that cannot be read is left out, and a section begins behind it. One frame is read ahead,
 * so that width, height and section are those of the next.
 */
final class JoinedSource implements FrameSource {
  /** A frame that waits, and what is said of it. */
  private record Ahead(byte[] rgb, int width, int height, int section) {}

  private final String name;
  private final List<Series.Place> places;
  private final ReadLimits limits;
  private final Set<String> remarks = new LinkedHashSet<>();
  private final List<String> unreadable = new ArrayList<>();
  private @Nullable FrameSource current;
  private @Nullable IOException failed;
  private Ahead ahead = new Ahead(new byte[0], 0, 0, -1);
  private OptionalDouble rate = OptionalDouble.empty();
  private boolean ended;
  private boolean seam;
  private int file = -1;
  private int inFile = -1;
  private long delivered;

  /**
   * Opens the first file.
   *
   * @param videos in their order, at least one
   * @param left what is said of files that are none of them
   */
  JoinedSource(String name, List<Series> videos, List<String> left, ReadLimits limits)
      throws IOException {
    this.name = name;
    this.places = videos.stream().flatMap(v -> v.places().stream()).toList();
    this.limits = limits;
    videos.forEach(v -> remarks.addAll(v.remarks()));
    remarks.addAll(left);
    try {
      readAhead();
      if (ended) {
        throw new VideoException(
            name,
            "none of its %d files can be read: %s"
                .formatted(places.size(), Series.few(unreadable)));
      }
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Reads the next frame of this file or of the first one after it that has any. */
  private void readAhead() throws IOException {
    while (!ended) {
      try {
        FrameSource source = current == null ? open() : current;
        if (source != null && readAhead(source)) {
          return;
        }
      } catch (VideoException e) {
        // A decoder that hangs would hang at each of them.
        if (places.size() == 1
            || e instanceof StuckDecoderException
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        leaveOut(e);
      }
    }
  }

  private boolean readAhead(FrameSource source) throws IOException {
    int width = source.width();
    int height = source.height();
    int section = source.section();
    byte[] rgb = new byte[source.frameBytes()];
    if (!source.next(rgb)) {
      leave(source);
      return false;
    }
    boolean begins =
        seam
            || (inFile >= 0 && section != inFile)
            || width != ahead.width
            || height != ahead.height;
    ahead = new Ahead(rgb, width, height, ahead.section + (begins ? 1 : 0));
    seam = false;
    inFile = section;
    return true;
  }

  private @Nullable FrameSource open() throws IOException {
    if (file + 1 == places.size()) {
      ended = true;
      return null;
    }
    file++;
    inFile = -1;
    seam |= places.get(file).begins();
    FrameSource source = DicomSource.open(path(), limits);
    current = source;
    if (places.size() == 1) {
      rate = source.rate();
    }
    return source;
  }

  private Path path() {
    return places.get(file).file().path();
  }

  private void leave(FrameSource source) throws IOException {
    remarks.addAll(source.remarks());
    current = null;
    source.close();
  }

  /** Goes on behind a file that cannot be read, whose path nobody gave. */
  private void leaveOut(VideoException e) throws IOException {
    String neutral = NeutralName.of(path());
    unreadable.add(neutral + ": " + NeutralName.reason(neutral, path(), e));
    seam = true;
    FrameSource source = current;
    current = null;
    if (source != null) {
      source.close();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return ahead.width;
  }

  @Override
  public int height() {
    return ahead.height;
  }

  @Override
  public int section() {
    return ahead.section;
  }

  @Override
  public OptionalDouble rate() {
    return rate;
  }

  @Override
  public List<String> remarks() {
    Set<String> all = new LinkedHashSet<>(remarks);
    FrameSource source = current;
    if (source != null) {
      all.addAll(source.remarks());
    }
    if (!unreadable.isEmpty()) {
      all.add(
          "%d of %d files left out, since they cannot be read: %s"
              .formatted(unreadable.size(), places.size(), Series.few(unreadable)));
    }
    return List.copyOf(all);
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (failed != null) {
      throw failed;
    }
    if (ended) {
      return false;
    }
    limits.checkFrame(name, delivered++);
    System.arraycopy(ahead.rgb, 0, rgb, 0, ahead.rgb.length);
    try {
      readAhead();
    } catch (IOException e) {
      // This frame is whole; the fault waits for its turn.
      failed = e;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    FrameSource source = current;
    current = null;
    ended = true;
    if (source != null) {
      source.close();
    }
  }
}
