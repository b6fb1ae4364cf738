package medsora.media.dicom;

import java.io.IOException;
import java.util.List;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.dicom.Frames.Picture;

/** Frames that are decoded one by one. */
final class PictureSource implements FrameSource {
  private final DicomFile file;
  private final PixelLayout layout;
  private final Frames frames;
  private final Rendering rendering;
  private int delivered;

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
    return rendering.remarks();
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (delivered == layout.frames()) {
      return false;
    }
    Picture picture = frames.next();
    if (picture == null) {
      throw new VideoException(
          file.name(),
          "damaged DICOM: %d frames where it says %d".formatted(delivered, layout.frames()));
    }
    rendering.render(picture, delivered, rgb);
    delivered++;
    return true;
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
