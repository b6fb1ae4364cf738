package medsora.media.dicom;

import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import medsora.media.Guarded;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.dicom.PixelLayout.Colour;
import org.jspecify.annotations.Nullable;

/**
 * JPEG frames: 8-bit lossy ones by the Java runtime, lossless ones by a reader that the class path
 * brings to {@code javax.imageio} (TwelveMonkeys' imageio-jpeg), what is left by ffmpeg where that
 * is known to be right.
 */
final class JpegFrames implements Frames {
  private static final String RUNTIME = "com.sun.imageio";

  private final DicomFile file;
  private final Fragments fragments;
  private final PixelLayout layout;
  private final Guarded guarded;
  private byte @Nullable [] ahead;

  private JpegFrames(
      DicomFile file, Fragments fragments, PixelLayout layout, ReadLimits limits, byte[] first) {
    this.file = file;
    this.fragments = fragments;
    this.layout = layout;
    this.guarded = new Guarded(file.name(), limits.stallSeconds());
    this.ahead = first;
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
    if (reader(header) != null) {
      return new JpegFrames(file, fragments, layout, limits, first);
    }
    if (header.external()) {
      return CodedFrames.jpeg(file, fragments, layout, limits, first);
    }
    throw file.unread(
        ("only a library decodes this kind of JPEG (process %d, %d bits): put"
                + " com.twelvemonkeys.imageio:imageio-jpeg on the class path, which the programs of"
                + " this project have")
            .formatted(header.process() - 0xc0, header.bits()));
  }

  /** Who decodes such a JPEG; the runtime's own reader wherever it can, so that bytes are equal. */
  private static @Nullable ImageReader reader(JpegHeader header) {
    ImageReader found = null;
    for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName("jpeg"); all.hasNext(); ) {
      ImageReader reader = all.next();
      boolean runtime = reader.getClass().getName().startsWith(RUNTIME);
      if (found == null && (header.common() ? runtime : header.lossless() && !runtime)) {
        found = reader;
      } else {
        reader.dispose();
      }
    }
    return found;
  }

  @Override
  public @Nullable Picture next() throws IOException {
    byte[] jpeg = ahead;
    if (jpeg == null) {
      return null;
    }
    JpegHeader header = JpegHeader.of(jpeg, fragments);
    StreamHeader.of(header).check(layout, fragments);
    Picture picture = guarded.call(() -> decoded(jpeg, header));
    ahead = fragments.next();
    return picture;
  }

  private Picture decoded(byte[] jpeg, JpegHeader header) throws IOException {
    ImageReader reader = reader(header);
    if (reader == null) {
      throw file.unread("its JPEGs are of several kinds");
    }
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
      reader.setInput(in, true, true);
      return picture(reader.readRaster(0, null), header);
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
    int bytes = raster.getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE ? 1 : 2;
    int[] row = new int[layout.columns() * layout.samples()];
    byte[] out = new byte[row.length * layout.rows() * bytes];
    for (int y = 0, at = 0; y < layout.rows(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, layout.columns(), 1, row);
      for (int v : row) {
        out[at++] = (byte) v;
        if (bytes == 2) {
          out[at++] = (byte) (v >> 8);
        }
      }
    }
    return new Picture(
        out, colour(layout, header), bytes, Math.min(layout.stored(), 8 * bytes) - 1);
  }

  /** What the components are, which the JPEG itself may know better than the file around it. */
  static Colour colour(PixelLayout layout, JpegHeader header) {
    if (layout.samples() == 1) {
      return layout.colour();
    }
    return header.ycbcr(layout.colour()) ? Colour.YBR_FULL : Colour.RGB;
  }

  @Override
  public void close() {
    guarded.close();
  }
}
