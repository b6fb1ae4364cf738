package medsora.media.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encapsulated pixel data (part 5, annex A.4): fragments, and which of them are one frame. That
 * tells the table of offsets where it has an entry for every frame; otherwise a frame begins with
 * each fragment that begins as the coding does.
 */
final class Fragments {
  private static final long MAX_TABLE = 1L << 24;

  private static final long MAX_FRAGMENT = 1L << 30;

  private final DicomInput in;
  private final int frames;
  private final byte[] begin;
  private final long[] offsets;
  private final long origin;
  private int frame;
  private long aheadAt;
  private byte @Nullable [] ahead;

  /**
   * Reads the table of offsets and the first fragment.
   *
   * @param frames number of frames that the file states
   * @param begin first bytes of every coded frame; none where each fragment is one
   */
  Fragments(DicomFile file, ElementReader.Pixels pixels, int frames, byte... begin)
      throws IOException {
    this.in = file.input();
    this.frames = frames;
    if (pixels.length() != ElementReader.UNDEFINED) {
      throw in.fault("pixel data without fragments under " + file.syntax());
    }
    in.bigEndian(false);
    long table = item(in);
    if (table < 0 || table > MAX_TABLE) {
      throw in.fault("no table of offsets before the fragments");
    }
    offsets = offsets(in.bytes((int) table), frames);
    origin = in.position();
    advance();
    // A coding in boxes begins otherwise; then each fragment is taken for a frame.
    this.begin = ahead != null && starts(ahead, begin) ? begin.clone() : new byte[0];
  }

  private static long[] offsets(byte[] table, int frames) {
    long[] out = new long[table.length / 4];
    ByteBuffer words = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < out.length; i++) {
      out[i] = words.getInt() & 0xffffffffL;
    }
    return out.length == frames ? out : new long[0];
  }

  /** Length of the next item, or -1 where the sequence ends. */
  private static long item(DicomInput in) throws IOException {
    int tag = in.tag();
    long length = in.u32();
    if (tag == Tags.SEQUENCE_END) {
      return -1;
    }
    if (tag != Tags.ITEM || length == ElementReader.UNDEFINED) {
      throw in.fault("no fragment where one is due");
    }
    return length;
  }

  private void advance() throws IOException {
    aheadAt = in.position() - origin;
    // Some writers leave the last delimiter out.
    long length = in.peek(8).length < 8 ? -1 : item(in);
    if (length > MAX_FRAGMENT) {
      throw in.fault("a fragment of " + length + " bytes, more than any picture has");
    }
    ahead = length < 0 ? null : in.bytes((int) length);
  }

  /** The fragments of the next frame put together, or null where there is none. */
  byte @Nullable [] next() throws IOException {
    byte[] first = ahead;
    if (first == null || frame == frames) {
      return null;
    }
    frame++;
    advance();
    if (ahead == null || beginsFrame(ahead)) {
      return first;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(first);
    for (byte[] more = ahead; more != null && !beginsFrame(more); more = ahead) {
      whole.writeBytes(more);
      advance();
    }
    return whole.toByteArray();
  }

  private boolean beginsFrame(byte[] fragment) {
    if (frames == 1) {
      return false;
    }
    if (offsets.length > 0) {
      return frame < offsets.length && aheadAt >= offsets[frame];
    }
    return starts(fragment, begin);
  }

  private static boolean starts(byte[] fragment, byte[] begin) {
    return fragment.length >= begin.length
        && Arrays.equals(begin, Arrays.copyOf(fragment, begin.length));
  }

  /** Writes the fragments of a file whose frames are one stream; none is held whole. */
  static void copy(DicomFile file, ElementReader.Pixels pixels, OutputStream out)
      throws IOException {
    DicomInput in = file.input();
    if (pixels.length() != ElementReader.UNDEFINED) {
      throw in.fault("pixel data without fragments under " + file.syntax());
    }
    in.bigEndian(false);
    byte[] buffer = new byte[1 << 16];
    boolean table = true;
    for (long left = item(in); left >= 0; left = in.peek(8).length < 8 ? -1 : item(in)) {
      while (left > 0) {
        int count = (int) Math.min(left, buffer.length);
        in.fill(buffer, count);
        left -= count;
        if (!table) {
          out.write(buffer, 0, count);
        }
      }
      table = false;
    }
  }

  /** A fault at this place. */
  IOException fault(String what) {
    return in.fault(what);
  }
}
