package medsora.media.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import medsora.media.VideoException;
import medsora.media.jpeg.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Encapsulated pixel data (part 5, annex A.4): fragments, and which of them are one frame. That
 * tells the table of offsets where it has an entry for every frame; otherwise a frame begins with
 * each fragment that begins as the coding does. Frames before the place where a file is cut off are
 * given; the fault follows them.
 */
final class Fragments implements Faults {
  private static final long MAX_TABLE = 1L << 24;

  private static final long MAX_FRAGMENT = 1L << 30;
  private static final int ITEM_HEADER = 8;

  private final DicomInput in;
  private final int frames;
  private final byte[] begin;
  private final long[] offsets;
  private final long origin;
  private int frame;
  private long aheadAt;
  private byte[] aheadBegin = new byte[0];
  private byte @Nullable [] ahead;
  private @Nullable VideoException fault;

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
    byte[] first = in.peek(ITEM_HEADER + begin.length);
    // A coding in boxes begins otherwise; then each fragment is taken for a frame.
    boolean bare =
        first.length > ITEM_HEADER
            && starts(Arrays.copyOfRange(first, ITEM_HEADER, first.length), begin);
    this.begin = bare ? begin.clone() : new byte[0];
    advance();
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

  /** Reads the next fragment; why there is none is said when it is asked for. */
  private void advance() throws IOException {
    aheadAt = in.position() - origin;
    aheadBegin = new byte[0];
    ahead = null;
    try {
      long length = following(in);
      if (length > MAX_FRAGMENT) {
        throw in.fault("a fragment of " + length + " bytes, more than any picture has");
      }
      if (length >= 0) {
        aheadBegin = in.peek((int) Math.min(length, begin.length));
        ahead = in.bytes((int) length);
      }
    } catch (VideoException e) {
      fault = e;
    }
  }

  /** Some writers leave the last delimiter out. */
  private static long following(DicomInput in) throws IOException {
    return in.peek(ITEM_HEADER).length < ITEM_HEADER ? -1 : item(in);
  }

  /**
   * The fragments of the next frame put together, or null where there is none.
   *
   * @throws IOException where one of them is cut off
   */
  byte @Nullable [] next() throws IOException {
    if (frame == frames || (ahead == null && fault == null)) {
      return null;
    }
    byte[] first = fragment();
    frame++;
    advance();
    if (!goesOn()) {
      return first;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(first);
    while (goesOn()) {
      whole.writeBytes(fragment());
      advance();
    }
    return whole.toByteArray();
  }

  private byte[] fragment() throws IOException {
    byte[] known = ahead;
    if (known == null) {
      throw fault == null ? in.fault("no fragment where one is due") : fault;
    }
    return known;
  }

  /** Whether the fragment ahead, be it cut off, is one of the same frame. */
  private boolean goesOn() {
    return (ahead != null || fault != null) && !beginsFrame();
  }

  private boolean beginsFrame() {
    if (frames == 1) {
      return false;
    }
    if (offsets.length > 0) {
      return frame < offsets.length && aheadAt >= offsets[frame];
    }
    return starts(aheadBegin, begin);
  }

  private static boolean starts(byte[] fragment, byte[] begin) {
    return fragment.length >= begin.length
        && Arrays.equals(begin, Arrays.copyOf(fragment, begin.length));
  }

  /**
   * Writes the fragments of a file whose frames are one stream; none is held whole.
   *
   * @return why not all of them are there, where the file is cut off
   */
  static @Nullable VideoException copy(
      DicomFile file, ElementReader.Pixels pixels, OutputStream out) throws IOException {
    DicomInput in = file.input();
    if (pixels.length() != ElementReader.UNDEFINED) {
      throw in.fault("pixel data without fragments under " + file.syntax());
    }
    in.bigEndian(false);
    in.skip(Math.max(item(in), 0));
    byte[] buffer = new byte[1 << 16];
    try {
      for (long left = following(in); left >= 0; left = following(in)) {
        while (left > 0) {
          int count = (int) Math.min(left, buffer.length);
          int got = in.some(buffer, count);
          out.write(buffer, 0, got);
          if (got < count) {
            return in.fault("its stream ends early");
          }
          left -= count;
        }
      }
      return null;
    } catch (VideoException e) {
      return e;
    }
  }

  /** A fault at this place. */
  @Override
  public IOException fault(String what) {
    return in.fault(what);
  }
}
