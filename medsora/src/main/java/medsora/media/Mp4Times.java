package medsora.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Clears the times of creation and change in an mp4, so that equal frames give equal files. They
 * are two 32-bit numbers after version and flags in each header box of version 0.
 */
final class Mp4Times {
  private static final Set<Integer> CONTAINERS = Set.of(tag("moov"), tag("trak"), tag("mdia"));
  private static final Set<Integer> HEADERS = Set.of(tag("mvhd"), tag("tkhd"), tag("mdhd"));
  private static final int BOX = 8;
  private static final int FULL_BOX = 12;

  private Mp4Times() {}

  private static int tag(String name) {
    return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)).getInt();
  }

  /**
   * Changes a file that this program just wrote.
   *
   * @param begin where its moov box stands, up to the end of the file
   */
  static void clear(Path file, long begin) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer boxes = ByteBuffer.allocate(Math.toIntExact(channel.size() - begin));
      while (boxes.hasRemaining()) {
        if (channel.read(boxes, begin + boxes.position()) < 0) {
          throw new VideoException(file.toString(), "became shorter while it was written");
        }
      }
      clear(boxes, 0, boxes.position());
      boxes.flip();
      while (boxes.hasRemaining()) {
        channel.write(boxes, begin + boxes.position());
      }
    }
  }

  private static void clear(ByteBuffer boxes, int from, int to) {
    for (int at = from; at + BOX <= to; at += Math.max(BOX, boxes.getInt(at))) {
      int tag = boxes.getInt(at + 4);
      if (CONTAINERS.contains(tag)) {
        clear(boxes, at + BOX, at + boxes.getInt(at));
      } else if (HEADERS.contains(tag) && boxes.get(at + BOX) == 0) {
        boxes.putLong(at + FULL_BOX, 0);
      }
    }
  }
}
