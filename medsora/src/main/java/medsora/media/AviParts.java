package medsora.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Where recordings were joined in an avi file: a RIFF of the form AVI begins anew, whose frames
 * ffmpeg counts on. Larger files go on in further parts of the form AVIX, which are no seams.
 */
final class AviParts {
  private static final int HEAD = 12;

  /** Main header and streams stand at its beginning. */
  private static final int MOST_HEADER = 1 << 16;

  private static final int MOST_PARTS = 1 << 12;
  private static final int RIFF = tag("RIFF");
  private static final int AVI = tag("AVI ");

  private AviParts() {}

  private static int tag(String name) {
    return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
  }

  /** Numbers of the frames with which further recordings begin, as far as their headers say. */
  static List<Long> seams(Path file) throws IOException {
    List<Long> seams = new ArrayList<>();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long frames = 0;
      long at = 0;
      for (int part = 0; part < MOST_PARTS && at <= in.size() - HEAD; part++) {
        ByteBuffer head = bytes(in, at);
        if (head.limit() < HEAD || head.getInt(0) != RIFF) {
          break;
        }
        if (head.getInt(8) == AVI) {
          if (frames > 0) {
            seams.add(frames);
          }
          frames += frames(head);
        }
        at += 8 + Integer.toUnsignedLong(head.getInt(4));
        at += at & 1;
      }
    }
    return seams;
  }

  /** The length of the first stream of pictures: 32 bytes behind the beginning of its header. */
  private static long frames(ByteBuffer part) {
    for (int at = HEAD; at + 8 + 36 <= part.limit(); at += 2) {
      if (part.getInt(at) == tag("strh") && part.getInt(at + 8) == tag("vids")) {
        return Integer.toUnsignedLong(part.getInt(at + 8 + 32));
      }
    }
    return 0;
  }

  private static ByteBuffer bytes(FileChannel in, long at) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(MOST_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    while (b.hasRemaining() && in.read(b, at + b.position()) >= 0) {
      // Up to the end of the file.
    }
    return b.flip();
  }
}
