package medsora.media.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import medsora.media.FrameSource;
import medsora.media.Pictures;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.VideoReader;
import org.jspecify.annotations.Nullable;

/** Frames of a file that are one stream, such as H.264. */
final class StreamSource implements FrameSource {
  private final DicomFile file;
  private final Temporary temporary;
  private final FrameSource stream;
  private final int stated;
  private final @Nullable VideoException cut;
  private int delivered;
  private boolean ended;

  private StreamSource(
      DicomFile file,
      Temporary temporary,
      FrameSource stream,
      int stated,
      @Nullable VideoException cut) {
    this.file = file;
    this.temporary = temporary;
    this.stream = stream;
    this.stated = stated;
    this.cut = cut;
  }

  /**
   * Opens it.
   *
   * @param temporary the stream; goes when this is closed or cannot be opened
   * @param stated number of frames that the file says
   * @param cut why not all of the stream is there, where the file is cut off
   */
  static FrameSource open(
      DicomFile file,
      Temporary temporary,
      int stated,
      @Nullable VideoException cut,
      ReadLimits limits)
      throws IOException {
    try {
      FrameSource stream = VideoReader.openStream(temporary.path(), limits);
      return new StreamSource(file, temporary, stream, stated, cut);
    } catch (VideoException e) {
      temporary.close();
      throw cut == null ? renamed(file, temporary, e) : cut;
    } catch (IOException | RuntimeException | Error e) {
      temporary.close();
      throw e;
    }
  }

  /** The fault under the file's own name. */
  private static VideoException renamed(DicomFile file, Temporary temporary, VideoException e) {
    String why = Pictures.reason(e, temporary.path());
    return new VideoException(file.name(), "DICOM, " + file.syntax() + ": " + why, e);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public int width() {
    return stream.width();
  }

  @Override
  public int height() {
    return stream.height();
  }

  @Override
  public int section() {
    return stream.section();
  }

  @Override
  public OptionalDouble rate() {
    return stream.rate();
  }

  @Override
  public List<String> remarks() {
    List<String> all = new ArrayList<>(stream.remarks());
    if (ended && cut != null) {
      // What the decoder says of that is no further news.
      all.removeIf(r -> r.startsWith("cut off or damaged"));
      all.add(PictureSource.cut(delivered, stated, Pictures.reason(cut, Path.of(file.name()))));
    } else if (ended && delivered != stated) {
      all.add("says %d frames, its stream has %d".formatted(stated, delivered));
    }
    return List.copyOf(all);
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    try {
      boolean more = stream.next(rgb);
      delivered += more ? 1 : 0;
      ended |= !more;
      return more;
    } catch (VideoException e) {
      throw renamed(file, temporary, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stream.close();
    } finally {
      temporary.close();
      file.close();
    }
  }
}
