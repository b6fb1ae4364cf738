package medsora.media;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The box {@code moov} of an mp4 (ISO/IEC 14496-12), which describes its streams. */
final class Mp4Movie {
  private static final int HEAD = 8;
  private static final int MOST = 1 << 24;
  private static final int MOVIE = 0x6d6f6f76;
  private static final int FILE = 0x66747970;

  private Mp4Movie() {}

  /** What is in it; nothing for whatever is no mp4 or is cut off before it. */
  static ByteBuffer of(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return ByteBuffer.wrap(moov(in));
    } catch (EOFException e) {
      return ByteBuffer.allocate(0);
    }
  }

  /** Whether a second file begins behind a whole one. */
  static boolean joined(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      int[] begins = {0};
      walk(in, (type, body, rest) -> type == FILE && ++begins[0] == 2);
      return begins[0] == 2;
    } catch (EOFException e) {
      return false;
    }
  }

  private static byte[] moov(FileChannel in) throws IOException {
    byte[][] found = {new byte[0]};
    walk(
        in,
        (type, body, length) -> {
          if (type == MOVIE) {
            found[0] = body.readNBytes((int) Math.min(length, MOST));
          }
          return type == MOVIE;
        });
    return found[0];
  }

  private interface Visitor {
    /** Whether a box is the last that is wanted. */
    boolean box(int type, DataInputStream body, long length) throws IOException;
  }

  /** Goes through the boxes of a file, up to one that leads out of it. */
  private static void walk(FileChannel in, Visitor visitor) throws IOException {
    long at = 0;
    while (at <= in.size() - HEAD) {
      in.position(at);
      DataInputStream head = new DataInputStream(Channels.newInputStream(in));
      long size = Integer.toUnsignedLong(head.readInt());
      int type = head.readInt();
      long from = at + HEAD;
      if (size == 1) {
        size = head.readLong();
        from += Long.BYTES;
      }
      if (size < from - at || size > in.size() - at) {
        return;
      }
      if (visitor.box(type, head, at + size - from)) {
        return;
      }
      at += size;
    }
  }

  /** The boxes of one kind directly in a box, what is in them, as far as they are whole. */
  static List<ByteBuffer> boxes(ByteBuffer in, String kind) {
    int tag = ByteBuffer.wrap(kind.getBytes(StandardCharsets.US_ASCII)).getInt();
    List<ByteBuffer> found = new ArrayList<>();
    int at = 0;
    while (at <= in.limit() - HEAD) {
      int size = in.getInt(at);
      if (size < HEAD || size > in.limit() - at) {
        break;
      }
      if (in.getInt(at + Integer.BYTES) == tag) {
        found.add(in.slice(at + HEAD, size - HEAD));
      }
      at += size;
    }
    return found;
  }
}
