package medsora.media.dicom;

import java.io.Closeable;
import java.io.IOException;
import medsora.media.ReadLimits;
import medsora.media.dicom.PixelLayout.Colour;
import org.jspecify.annotations.Nullable;

/** The frames of a file in turn, decoded. */
interface Frames extends Closeable {
  /**
   * A decoded frame.
   *
   * @param samples pixel by pixel, row by row; of two bytes the low one first
   * @param colour what they mean after decoding
   * @param bytes of a sample, 1 or 2
   * @param high number of the highest used bit of a sample
   */
  record Picture(byte[] samples, Colour colour, int bytes, int high) {
    /** One sample, with bits that are not used. */
    int sample(int number) {
      return bytes == 1
          ? samples[number] & 0xff
          : (samples[2 * number] & 0xff) | (samples[2 * number + 1] & 0xff) << 8;
    }
  }

  /** The next frame, or null where there is none. */
  @Nullable Picture next() throws IOException;

  @Override
  default void close() throws IOException {}

  /** Frames of a file that holds pictures, however they are coded. */
  static Frames of(
      DicomFile file, ElementReader.Pixels pixels, PixelLayout layout, ReadLimits limits)
      throws IOException {
    return switch (file.syntax().coding()) {
      case NATIVE -> new NativeFrames(file, pixels, layout);
      case RLE -> new RleFrames(file, pixels, layout);
      case JPEG, JPEG_LOSSLESS -> JpegFrames.open(file, pixels, layout, limits);
      case JPEG_LS -> CodedFrames.jpegLs(file, pixels, layout, limits);
      case JPEG_2000 -> CodedFrames.jpeg2000(file, pixels, layout, limits);
      case VIDEO, UNREAD -> throw file.unread("its pixels are not read here");
    };
  }
}
