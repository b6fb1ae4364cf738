package medsora.media;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A text in an mp4 where players look for the comment of a movie: the box {@code
 * moov/udta/meta/ilst/\u00a9cmt/data}, as QuickTime and iTunes have it.
 */
final class Mp4Label {
  private static final String[] PLACE = {"moov", "udta", "meta", "ilst", "\u00a9cmt", "data"};
  private static final int BOX = 8;
  private static final int LONG_BOX = 16;

  /** Version and flags of a full box, such as meta is. */
  private static final int FLAGS = 4;

  /** Of the box with the value: text in UTF-8, and no locale. */
  private static final byte[] TEXT = {0, 0, 0, 1, 0, 0, 0, 0};

  /** Handler: no predefined type, metadata of a directory, of this maker, reserved, no name. */
  private static final byte[] HANDLER =
      "\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  /** More boxes than any file of this program has side by side. */
  private static final int MOST_BOXES = 1 << 16;

  private Mp4Label() {}

  /**
   * Adds a text to a file that this program just wrote.
   *
   * @param begin where its moov box stands, which is the last
   */
  static void append(Path file, long begin, Label label) throws IOException {
    byte[] text = label.text().getBytes(StandardCharsets.UTF_8);
    byte[] value = box(PLACE[4], box(PLACE[5], TEXT, text));
    byte[] meta = box(PLACE[2], new byte[FLAGS], box("hdlr", HANDLER), box(PLACE[3], value));
    byte[] added = box(PLACE[1], meta);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer head = read(channel, begin, BOX);
      long end = begin + head.getInt(0);
      if (!name(head, FLAGS).equals(PLACE[0]) || end != channel.size()) {
        throw new VideoException(file.toString(), "its moov box is not the last");
      }
      write(channel, end, ByteBuffer.wrap(added));
      ByteBuffer size = ByteBuffer.allocate(Integer.BYTES);
      write(channel, begin, size.putInt(0, Math.addExact(head.getInt(0), added.length)));
    }
  }

  private static byte[] box(String name, byte[]... content) {
    int size = BOX;
    for (byte[] part : content) {
      size += part.length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).putInt(size);
    out.put(name.getBytes(StandardCharsets.ISO_8859_1));
    for (byte[] part : content) {
      out.put(part);
    }
    return out.array();
  }

  /** The text of a file, where it has one of a length that is read. */
  static Optional<String> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(channel, 0, channel.size(), 0);
    } catch (EOFException e) {
      // Cut off before it.
      return Optional.empty();
    }
  }

  /** Looks through the boxes of a place for the one of a level, and in it for the next. */
  private static Optional<String> read(FileChannel channel, long from, long to, int level)
      throws IOException {
    long at = from;
    for (int i = 0; i < MOST_BOXES && at + BOX <= to; i++) {
      ByteBuffer head = read(channel, at, BOX);
      long size = head.getInt(0) & 0xffffffffL;
      long inner = at + BOX;
      if (size == 1 && at + LONG_BOX <= to) {
        size = read(channel, inner, Long.BYTES).getLong(0);
        inner = at + LONG_BOX;
      } else if (size == 0) {
        size = to - at;
      }
      if (size < inner - at || size > to - at) {
        return Optional.empty();
      }
      if (name(head, FLAGS).equals(PLACE[level])) {
        return level == PLACE.length - 1
            ? text(channel, inner, at + size)
            : read(channel, inner + (level == 2 ? FLAGS : 0), at + size, level + 1);
      }
      at += size;
    }
    return Optional.empty();
  }

  private static Optional<String> text(FileChannel channel, long from, long to) throws IOException {
    long length = to - from - TEXT.length;
    if (length < 1 || length > Label.LONGEST) {
      return Optional.empty();
    }
    byte[] text = read(channel, from + TEXT.length, (int) length).array();
    return Optional.of(new String(text, StandardCharsets.UTF_8));
  }

  private static String name(ByteBuffer head, int at) {
    return new String(head.array(), at, 4, StandardCharsets.ISO_8859_1);
  }

  private static ByteBuffer read(FileChannel channel, long at, int count) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(count);
    while (into.hasRemaining()) {
      if (channel.read(into, at + into.position()) < 0) {
        throw new EOFException();
      }
    }
    return into.flip();
  }

  private static void write(FileChannel channel, long at, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      channel.write(from, at + from.position());
    }
  }
}
