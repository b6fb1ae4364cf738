package medsora.media.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Run lengths (part 5, annex G): a frame is a header of 64 bytes and a segment for each byte of a
 * pixel, samples in turn, of each the high byte first.
 */
final class RleFrames implements Frames {
  private static final int HEADER = 64;

  private final Fragments fragments;
  private final PixelLayout layout;

  RleFrames(DicomFile file, ElementReader.Pixels pixels, PixelLayout layout) throws IOException {
    this.fragments = new Fragments(file, pixels, layout.frames());
    this.layout = layout;
  }

  @Override
  public @Nullable Picture next() throws IOException {
    byte[] coded = fragments.next();
    if (coded == null) {
      return null;
    }
    int bytes = layout.sampleBytes();
    int segments = layout.samples() * bytes;
    ByteBuffer header = header(coded, segments);
    byte[] out = new byte[layout.pixels() * segments];
    for (int s = 0; s < segments; s++) {
      int from = header.getInt(4 + 4 * s);
      int to = s + 1 < segments ? header.getInt(8 + 4 * s) : coded.length;
      if (from < HEADER || to < from || to > coded.length) {
        throw fragments.fault("segment %d lies outside of its frame".formatted(s + 1));
      }
      int sample = s / bytes;
      int low = bytes - 1 - s % bytes;
      segment(ByteBuffer.wrap(coded, from, to - from), out, sample * bytes + low, segments);
    }
    return new Picture(out, layout.colour(), bytes, layout.high());
  }

  private ByteBuffer header(byte[] coded, int segments) throws IOException {
    if (coded.length < HEADER) {
      throw fragments.fault("a frame of %d bytes has no RLE header".formatted(coded.length));
    }
    ByteBuffer header = ByteBuffer.wrap(coded).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != segments) {
      throw fragments.fault(
          "an RLE frame of %d segments, its pixels want %d".formatted(header.getInt(0), segments));
    }
    return header;
  }

  /** Unpacks one segment into every {@code step}-th byte. */
  private void segment(ByteBuffer in, byte[] out, int offset, int step) throws IOException {
    int at = offset;
    while (at < out.length) {
      if (!in.hasRemaining()) {
        throw fragments.fault("a segment ends before its frame is full");
      }
      int code = in.get();
      // -128 says nothing.
      int count = code == -128 ? 0 : Math.abs(code) + 1;
      if (in.remaining() < (code >= 0 ? count : Math.min(count, 1))) {
        throw fragments.fault("a run ends outside of its segment");
      }
      byte same = code < 0 && count > 0 ? in.get() : 0;
      for (int i = 0; i < count; i++) {
        byte value = code >= 0 ? in.get() : same;
        // Segments are padded to even lengths.
        if (at < out.length) {
          out[at] = value;
          at += step;
        }
      }
    }
  }
}
