package medsora.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import medsora.media.jpeg.Faults;
import medsora.media.jpeg.JpegHeader;
import medsora.media.jpeg.LosslessJpeg;

/**
 * Picture files of lossless JPEG, decoded by {@link LosslessJpeg}: plug-ins of {@code
 * javax.imageio} lose pixels of some. One component is grey. Three are YCbCr where Adobe's segment
 * or JFIF's says so, else RGB.
 */
final class LosslessPicture {
  /** The file, which is held whole, its samples of two bytes, planes of YCbCr and RGB. */
  private static final int BYTES_PER_PIXEL = 12;

  private final String name;
  private final byte[] jpeg;
  private final JpegHeader header;

  private LosslessPicture(Path file, ReadLimits limits) throws IOException {
    name = file.toString();
    limits.checkMemory(name, Files.size(file));
    jpeg = Files.readAllBytes(file);
    Faults faults = this::fault;
    header = JpegHeader.of(jpeg, faults);
    limits.checkSize(name, header.width(), header.height());
    long pixels = (long) header.width() * header.height();
    limits.checkMemory(name, jpeg.length + BYTES_PER_PIXEL * pixels);
    int components = header.components();
    int bits = header.bits();
    // Samples of 9 bits are of a transform of ffmpeg's own, of which the file says nothing.
    boolean known = components == 1 || (components == 3 && bits != 9);
    if (!known || bits < 2 || bits > Short.SIZE || header.blocks()) {
      throw new VideoException(
          name,
          "is a lossless jpeg of %d components of %d bits%s, which is not read here: convert it to png"
              .formatted(components, bits, header.blocks() ? ", in blocks" : ""));
    }
  }

  private VideoException fault(String what) {
    return new VideoException(name, "cut off or damaged (" + what + ")");
  }

  /** Reads one as a clip of one frame, as it is stored. */
  static Clip read(Path file, ReadLimits limits) throws IOException {
    return new LosslessPicture(file, limits).decoded();
  }

  private Clip decoded() throws IOException {
    byte[] samples = LosslessJpeg.decode(jpeg, header, this::fault);
    int pixels = header.width() * header.height();
    byte[] rgb = new byte[3 * pixels];
    boolean ycbcr = header.transform() >= 0 ? header.transform() == 1 : header.jfif();
    if (header.components() == 3 && ycbcr) {
      colours(samples, rgb);
    } else {
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = eight(samples, header.components() == 1 ? i / 3 : i);
      }
    }
    return Clip.of(name, header.height(), header.width(), List.of(rgb));
  }

  private byte eight(byte[] samples, int number) {
    if (LosslessJpeg.bytes(header) == 1) {
      return (byte) PictureColours.eight(samples[number] & 0xff, largest());
    }
    int low = samples[2 * number] & 0xff;
    return (byte) PictureColours.eight(low | (samples[2 * number + 1] & 0xff) << 8, largest());
  }

  private int largest() {
    return (1 << header.bits()) - 1;
  }

  private void colours(byte[] samples, byte[] rgb) {
    int w = header.width();
    int pixels = w * header.height();
    byte[] planes = new byte[3 * pixels];
    for (int i = 0; i < planes.length; i++) {
      planes[i % 3 * pixels + i / 3] = eight(samples, i);
    }
    new YuvToRgb(w, header.height(), 0, 0, YuvToRgb.Matrix.BT601, true)
        .convert(
            new YuvToRgb.Plane(planes, 0, w, 0),
            new YuvToRgb.Plane(planes, pixels, w, 0),
            new YuvToRgb.Plane(planes, 2 * pixels, w, 0),
            rgb);
  }
}
