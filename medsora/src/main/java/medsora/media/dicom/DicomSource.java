package medsora.media.dicom;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one DICOM file, blackened around its ultrasound regions. Who opens it knows its
 * path; from then on it has a name that tells nothing, in faults too.
 */
final class DicomSource implements FrameSource {
  private final String name;
  private final Path path;
  private final FrameSource frames;
  private final Regions regions;
  private final FrameTimes times;

  private DicomSource(
      String name, Path path, FrameSource frames, Regions regions, FrameTimes times) {
    this.name = name;
    this.path = path;
    this.frames = frames;
    this.regions = regions;
    this.times = times;
  }

  /** Opens a file under a name that tells nothing ({@link NeutralName}). */
  static FrameSource open(Path path, ReadLimits limits) throws IOException {
    DicomFile file = DicomFile.open(path, limits);
    try {
      file.requirePictures();
      PixelLayout layout = PixelLayout.of(file, limits);
      FrameSource frames =
          switch (file.syntax().coding()) {
            case UNREAD -> throw file.unread("its pixels are not read here");
            case VIDEO -> stream(file, layout, limits);
            default -> SquareSource.of(file, layout, limits);
          };
      return new DicomSource(
          NeutralName.of(path),
          path,
          frames,
          Regions.of(file.data(), layout, frames.width(), frames.height()),
          FrameTimes.of(file.data(), layout.frames()));
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static FrameSource stream(DicomFile file, PixelLayout layout, ReadLimits limits)
      throws IOException {
    Temporary temporary = new Temporary();
    @Nullable VideoException cut;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary.path()))) {
      cut = Fragments.copy(file, file.pixelData(), out);
    } catch (IOException | RuntimeException | Error e) {
      temporary.close();
      throw e;
    }
    return StreamSource.open(file, temporary, layout.frames(), cut, limits);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return frames.width();
  }

  @Override
  public int height() {
    return frames.height();
  }

  @Override
  public int section() {
    return frames.section();
  }

  @Override
  public OptionalDouble rate() {
    return times.rate().isPresent() ? times.rate() : frames.rate();
  }

  @Override
  public List<String> remarks() {
    List<String> all = new ArrayList<>(regions.remarks());
    all.addAll(times.remarks());
    all.addAll(frames.remarks());
    return List.copyOf(all);
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    int width = frames.width();
    int height = frames.height();
    try {
      if (!frames.next(rgb)) {
        return false;
      }
    } catch (VideoException e) {
      throw NeutralName.renamed(name, path, e);
    }
    regions.mask(rgb, width, height);
    return true;
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }
}
