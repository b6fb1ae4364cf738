package medsora.media.dicom;

import java.io.IOException;
import medsora.media.VideoException;
import medsora.media.dicom.Frames.Picture;
import medsora.media.dicom.PixelLayout.Colour;
import org.jspecify.annotations.Nullable;

/** Uncompressed frames, one after the other (part 5, section 8.1). */
final class NativeFrames implements Frames {
  private final DicomInput in;
  private final PixelLayout layout;

  /** Bytes of a 16-bit word change places: big endian, and there 8-bit samples in words too. */
  private final boolean swapped;

  private final byte[] stored;
  private int frame;

  /** The first byte of a word whose second one was read with the frame before it. */
  private int pending = -1;

  NativeFrames(DicomFile file, ElementReader.Pixels pixels, PixelLayout layout)
      throws VideoException {
    this.in = file.input();
    this.layout = layout;
    boolean words = layout.allocated() == 16 || pixels.representation().equals("OW");
    this.swapped = file.syntax().bigEndian() && words;
    this.stored = new byte[layout.frameBytes()];
    long wanted = (long) stored.length * layout.frames();
    if (pixels.length() == ElementReader.UNDEFINED) {
      throw in.fault("fragments under " + file.syntax());
    }
    if (pixels.length() < wanted) {
      throw in.fault(
          "%d frames of %dx%d want %d bytes of pixel data, it says %d"
              .formatted(
                  layout.frames(), layout.columns(), layout.rows(), wanted, pixels.length()));
    }
  }

  @Override
  public @Nullable Picture next() throws IOException {
    if (frame == layout.frames()) {
      return null;
    }
    frame++;
    if (swapped) {
      readSwapped();
    } else {
      in.fill(stored, stored.length);
    }
    byte[] samples = layout.samples() == 1 ? stored : interleaved();
    Colour colour = layout.colour() == Colour.YBR_FULL_422 ? Colour.YBR_FULL : layout.colour();
    return new Picture(samples, colour, layout.sampleBytes(), layout.high());
  }

  private void readSwapped() throws IOException {
    for (int i = 0; i < stored.length; i++) {
      if (pending >= 0) {
        stored[i] = (byte) pending;
        pending = -1;
      } else {
        byte[] word = in.bytes(2);
        stored[i] = word[1];
        pending = word[0] & 0xff;
      }
    }
  }

  private byte[] interleaved() {
    if (layout.colour() == Colour.YBR_FULL_422) {
      return spread();
    }
    return layout.planar() ? fromPlanes(stored, layout) : stored;
  }

  /** Planes put together pixel by pixel. */
  static byte[] fromPlanes(byte[] planes, PixelLayout layout) {
    int bytes = layout.sampleBytes();
    int samples = layout.samples();
    int pixels = layout.pixels();
    byte[] out = new byte[planes.length];
    for (int s = 0; s < samples; s++) {
      for (int p = 0; p < pixels; p++) {
        for (int b = 0; b < bytes; b++) {
          out[(p * samples + s) * bytes + b] = planes[(s * pixels + p) * bytes + b];
        }
      }
    }
    return out;
  }

  /** Two pixels stand as Y Y Cb Cr; both get that chroma (C.7.6.3.1.2). */
  private byte[] spread() {
    byte[] out = new byte[layout.pixels() * 3];
    int columns = layout.columns();
    int row = (columns + 1) / 2 * 4;
    for (int p = 0; p < layout.pixels(); p++) {
      int x = p % columns;
      int pair = p / columns * row + x / 2 * 4;
      out[3 * p] = stored[pair + x % 2];
      out[3 * p + 1] = stored[pair + 2];
      out[3 * p + 2] = stored[pair + 3];
    }
    return out;
  }
}
