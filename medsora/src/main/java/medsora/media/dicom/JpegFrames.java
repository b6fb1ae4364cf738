package medsora.media.dicom;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import medsora.media.Guarded;
import medsora.media.JpegWarnings;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.dicom.PixelLayout.Colour;
import medsora.media.jpeg.JpegHeader;
import medsora.media.jpeg.LosslessJpeg;
import medsora.media.jpeg.StrayBytes;
import org.jspecify.annotations.Nullable;

/** JPEG frames: lossy ones of 8 bits by the Java runtime, of 12 by ffmpeg, lossless ones here. */
final class JpegFrames implements Frames {
  private static final String RUNTIME = "com.sun.imageio";

  private final DicomFile file;
  private final Fragments fragments;
  private final PixelLayout layout;
  private final Guarded guarded;
  private byte @Nullable [] first;

  private JpegFrames(
      DicomFile file, Fragments fragments, PixelLayout layout, ReadLimits limits, byte[] first) {
    this.file = file;
    this.fragments = fragments;
    this.layout = layout;
    this.guarded = new Guarded(file.name(), limits.stallSeconds());
    this.first = first;
  }

  static Frames open(
      DicomFile file, ElementReader.Pixels pixels, PixelLayout layout, ReadLimits limits)
      throws IOException {
    Fragments fragments = new Fragments(file, pixels, layout.frames(), (byte) 0xff, (byte) 0xd8);
    byte[] first = fragments.next();
    if (first == null) {
      throw fragments.fault("no frame in the pixel data");
    }
    JpegHeader header = JpegHeader.of(first, fragments);
    if (header.lossless() || header.common()) {
      return new JpegFrames(file, fragments, layout, limits, first);
    }
    if (header.external()) {
      return CodedFrames.jpeg(file, fragments, layout, limits, first);
    }
    throw file.unread(
        "JPEG of process %d with %d bits and %d components is not read here"
            .formatted(header.process() - 0xc0, header.bits(), header.components()));
  }

  /** The runtime's own reader whatever else there is, so that bytes are equal. */
  private ImageReader reader() throws VideoException {
    for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("jpeg"); all.hasNext(); ) {
      ImageReader reader = all.next();
      if (reader.getClass().getName().startsWith(RUNTIME)) {
        return reader;
      }
      reader.dispose();
    }
    throw file.unread("this Java runtime reads no JPEG");
  }

  @Override
  public @Nullable Picture next() throws IOException {
    byte[] jpeg = first == null ? fragments.next() : first;
    first = null;
    if (jpeg == null) {
      return null;
    }
    JpegHeader header = JpegHeader.of(jpeg, fragments);
    StreamHeader.of(header).check(layout, fragments);
    if (header.lossless()) {
      byte[] samples = LosslessJpeg.decode(jpeg, header, fragments);
      return picture(samples, LosslessJpeg.bytes(header), header);
    }
    if (!header.common()) {
      throw file.unread("its JPEGs are of several kinds");
    }
    return guarded.call(() -> decoded(jpeg, header));
  }

  private Picture decoded(byte[] jpeg, JpegHeader header) throws IOException {
    ImageReader reader = reader();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
      JpegWarnings warnings = JpegWarnings.of(reader);
      reader.setInput(in, true, true);
      Raster raster = reader.readRaster(0, null);
      Optional<String> lost =
          warnings
              .lost(header.progressive())
              .or(() -> warnings.said().stream().filter(w -> StrayBytes.data(w, jpeg)).findFirst());
      if (lost.isPresent()) {
        throw fragments.fault("a JPEG that has lost pixels (" + lost.get() + ")");
      }
      return picture(raster, header);
    } catch (VideoException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new VideoException(file.name(), "damaged DICOM: a JPEG in it cannot be decoded", e);
    } finally {
      reader.dispose();
    }
  }

  private Picture picture(Raster raster, JpegHeader header) throws IOException {
    if (raster.getWidth() != layout.columns()
        || raster.getHeight() != layout.rows()
        || raster.getNumBands() != layout.samples()) {
      throw fragments.fault("a JPEG that is not what its header says");
    }
    int[] row = new int[layout.columns() * layout.samples()];
    byte[] out = new byte[row.length * layout.rows()];
    for (int y = 0, at = 0; y < layout.rows(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, layout.columns(), 1, row);
      for (int v : row) {
        out[at++] = (byte) v;
      }
    }
    return picture(out, 1, header);
  }

  /** What the components are, the JPEG itself may know better than the file around it. */
  private Picture picture(byte[] samples, int bytes, JpegHeader header) {
    Colour colour = header.ycbcr(layout.colour() != Colour.RGB) ? Colour.YBR_FULL : Colour.RGB;
    return new Picture(
        samples,
        layout.samples() == 1 ? layout.colour() : colour,
        bytes,
        Math.min(layout.stored(), 8 * bytes) - 1);
  }

  @Override
  public void close() {
    guarded.close();
  }
}
