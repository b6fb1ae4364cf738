package medsora.media.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import org.jspecify.annotations.Nullable;

/**
 * Files one after the other. Single frames of a series are one section as long as their size does
 * not change; each other file begins a new one. One frame is read ahead, so that width, height and
 * section are those of the next.
 */
final class JoinedSource implements FrameSource {
  /** A frame that waits, and what is said of it. */
  private record Ahead(byte[] rgb, int width, int height, int section) {}

  private final String name;
  private final List<Entry> files;
  private final ReadLimits limits;
  private final Set<String> remarks = new LinkedHashSet<>();
  private @Nullable FrameSource current;
  private @Nullable IOException failed;
  private Ahead ahead = new Ahead(new byte[0], 0, 0, -1);
  private OptionalDouble rate = OptionalDouble.empty();
  private boolean ended;
  private int file = -1;
  private int inFile = -1;
  private long delivered;

  /**
   * Opens the first file.
   *
   * @param files in their order, at least one
   */
  JoinedSource(String name, List<Entry> files, ReadLimits limits) throws IOException {
    this.name = name;
    this.files = List.copyOf(files);
    this.limits = limits;
    try {
      readAhead();
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Reads the next frame of this file or of the first one after it that has any. */
  private void readAhead() throws IOException {
    while (!ended) {
      FrameSource source = current;
      if (source == null) {
        source = open();
      }
      if (source != null) {
        int width = source.width();
        int height = source.height();
        int section = source.section();
        byte[] rgb = new byte[source.frameBytes()];
        if (source.next(rgb)) {
          ahead =
              new Ahead(
                  rgb, width, height, ahead.section + (begins(width, height, section) ? 1 : 0));
          inFile = section;
          return;
        }
        leave(source);
      }
    }
  }

  private @Nullable FrameSource open() throws IOException {
    if (file + 1 == files.size()) {
      ended = true;
      return null;
    }
    file++;
    Path path = files.get(file).path();
    FrameSource source;
    try {
      source = DicomSource.open(path, limits);
    } catch (VideoException e) {
      // One of several, whose path nobody gave.
      throw files.size() == 1 ? e : NeutralName.renamed(NeutralName.of(path), path, e);
    }
    current = source;
    inFile = -1;
    if (files.size() == 1) {
      rate = source.rate();
    }
    return source;
  }

  /** Whether the next frame begins a section: by its size, its file's own sections, or its file. */
  private boolean begins(int width, int height, int section) {
    boolean first = inFile < 0;
    boolean sameVideo = file > 0 && files.get(file).video().equals(files.get(file - 1).video());
    boolean goesOn = first ? sameVideo : section == inFile;
    return !goesOn || width != ahead.width || height != ahead.height;
  }

  private void leave(FrameSource source) throws IOException {
    remarks.addAll(source.remarks());
    current = null;
    source.close();
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
