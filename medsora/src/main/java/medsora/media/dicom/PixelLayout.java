package medsora.media.dicom;

import java.util.Locale;
import medsora.media.ReadLimits;
import medsora.media.VideoException;

/**
 * What the file says of its pixels (C.7.6.3).
 *
 * @param columns width of a frame
 * @param rows height of a frame
 * @param frames number of frames
 * @param samples 1 or 3 a pixel
 * @param colour what the samples mean
 * @param planar samples of one kind lie together
 * @param allocated 8 or 16 bits of room for a sample
 * @param stored bits of a sample that are used, 1 to {@code allocated}
 * @param high number of the highest used bit
 * @param signed samples are two's complement
 */
record PixelLayout(
    int columns,
    int rows,
    int frames,
    int samples,
    Colour colour,
    boolean planar,
    int allocated,
    int stored,
    int high,
    boolean signed) {

  /** What samples mean (C.7.6.3.1.2). */
  enum Colour {
    MONOCHROME1,
    MONOCHROME2,
    PALETTE_COLOR,
    RGB,
    YBR_FULL,
    YBR_FULL_422,
    YBR_ICT,
    YBR_RCT,
    YBR_PARTIAL_420,
    YBR_PARTIAL_422;

    boolean single() {
      return this == MONOCHROME1 || this == MONOCHROME2 || this == PALETTE_COLOR;
    }
  }

  static PixelLayout of(DicomFile file, ReadLimits limits) throws VideoException {
    DataSet d = file.data();
    String name = file.name();
    int rows = d.unsigned(Tags.ROWS, 0);
    int columns = d.unsigned(Tags.COLUMNS, 0);
    limits.checkSize(name, columns, rows);
    int samples = d.unsigned(Tags.SAMPLES, 1);
    int allocated = d.unsigned(Tags.ALLOCATED, 0);
    int stored = d.unsigned(Tags.STORED, allocated);
    int high = d.unsigned(Tags.HIGH_BIT, stored - 1);
    Colour colour = colour(name, d.text(Tags.PHOTOMETRIC), samples);
    if (allocated != 8 && allocated != 16) {
      throw new VideoException(
          name, "DICOM with %d bits a sample; 8 and 16 are read".formatted(allocated));
    }
    if (colour == Colour.YBR_FULL_422 && allocated != 8) {
      throw new VideoException(name, "DICOM YBR_FULL_422 with 16 bits a sample, which none writes");
    }
    if (stored < 1 || high < stored - 1 || high >= allocated) {
      throw new VideoException(
          name,
          "damaged DICOM: %d bits stored up to bit %d do not fit in %d"
              .formatted(stored, high, allocated));
    }
    int frames = frames(name, d.text(Tags.FRAMES, 0));
    limits.checkFrame(name, frames - 1L);
    // Its pixels as stored and decoded, and the RGB.
    limits.checkMemory(name, (long) rows * columns * (samples * allocated / 4 + 3));
    boolean planar = d.unsigned(Tags.PLANAR, 0) == 1;
    boolean signed = d.unsigned(Tags.SIGNED, 0) == 1;
    return new PixelLayout(
        columns, rows, frames, samples, colour, planar, allocated, stored, high, signed);
  }

  private static Colour colour(String name, String text, int samples) throws VideoException {
    for (Colour c : Colour.values()) {
      if (c.name().equals(text.replace(' ', '_').toUpperCase(Locale.ROOT))) {
        if (samples != (c.single() ? 1 : 3)) {
          throw new VideoException(
              name, "damaged DICOM: %d samples a pixel are no %s".formatted(samples, c));
        }
        return c;
      }
    }
    throw new VideoException(
        name, "DICOM of a photometric interpretation that is not read, or none at all");
  }

  private static int frames(String name, String text) throws VideoException {
    if (text.isEmpty()) {
      return 1;
    }
    if (!text.matches("\\+?[0-9]{1,9}") || Integer.parseInt(text) == 0) {
      throw new VideoException(name, "damaged DICOM: its number of frames is none");
    }
    return Integer.parseInt(text);
  }

  int pixels() {
    return rows * columns;
  }

  /** Bytes of a sample. */
  int sampleBytes() {
    return allocated / 8;
  }

  /** Bytes of a frame as stored without compression. */
  int frameBytes() {
    // Two pixels of a row share their chroma.
    int row = colour == Colour.YBR_FULL_422 ? (columns + 1) / 2 * 4 : columns * samples;
    return Math.multiplyExact(rows, row * sampleBytes());
  }
}
