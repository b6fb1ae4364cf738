package medsora.media.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.media.FrameSource;
import medsora.media.Pictures;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.dicom.Frames.Picture;
import org.jspecify.annotations.Nullable;

/** Frames that are decoded one by one, up to the first that is cut off or damaged. */
final class PictureSource implements FrameSource {
  private final DicomFile file;
  private final PixelLayout layout;
  private final Frames frames;
  private final Rendering rendering;
  private int delivered;
  private @Nullable String cut;

  PictureSource(DicomFile file, PixelLayout layout, ReadLimits limits) throws IOException {
    this.file = file;
    this.layout = layout;
    this.frames = Frames.of(file, file.pixelData(), layout, limits);
    this.rendering = new Rendering(file, layout);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public int width() {
    return layout.columns();
  }

  @Override
  public int height() {
    return layout.rows();
  }

  @Override
  public List<String> remarks() {
    List<String> all = new ArrayList<>(rendering.remarks());
    if (cut != null) {
      all.add(cut);
    }
    return List.copyOf(all);
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (delivered == layout.frames() || cut != null) {
      return false;
    }
    try {
      Picture picture = frames.next();
      if (picture == null) {
        throw new VideoException(
            file.name(), "damaged DICOM: its pixel data hold no further frame");
      }
      rendering.render(picture, delivered, rgb);
    } catch (VideoException e) {
      if (delivered == 0 || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      cut = cut(delivered, layout.frames(), Pictures.reason(e, Path.of(file.name())));
      return false;
    }
    delivered++;
    return true;
  }

  /** What is said of a file whose frames before the place of a fault are given. */
  static String cut(int frames, int stated, String why) {
    return "cut off or damaged: %d of %d frames can be decoded; %s".formatted(frames, stated, why);
  }

  @Override
  public void close() throws IOException {
    try {
      frames.close();
    } finally {
      file.close();
    }
  }
}
