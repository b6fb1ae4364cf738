package medsora.media;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whether an mp4 says that its pictures are encrypted: a sample entry {@code encv} with its scheme
 * in {@code sinf} (ISO/IEC 14496-12, Common Encryption), or iTunes' {@code drmi}. ffmpeg decodes
 * what is encrypted as if it were not, and then says that it is broken.
 */
final class Mp4Encryption {
  private static final int HEAD = 8;
  private static final int MOST = 1 << 24;

  private Mp4Encryption() {}

  /** Whether it is so; false for whatever is no mp4 or is cut off before it could say. */
  static boolean of(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return says(moov(in));
    } catch (EOFException e) {
      return false;
    }
  }

  private static boolean says(byte[] moov) {
    String text = new String(moov, StandardCharsets.ISO_8859_1);
    return text.contains("sinf") && (text.contains("encv") || text.contains("drmi"));
  }

  /** The box that describes the streams, or nothing. */
  private static byte[] moov(FileChannel in) throws IOException {
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
        return new byte[0];
      }
      if (type == 0x6d6f6f76) {
        return head.readNBytes((int) Math.min(at + size - from, MOST));
      }
      at += size;
    }
    return new byte[0];
  }
}
