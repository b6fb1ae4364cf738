package medsora.media;

import engine.io.Printable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Checks that the boxes of an mp4 file lie within each other and that its tables are as long as
 * they claim. JCodec's parser takes that for granted: it loops for ever, or reserves any amount of
 * memory, where it is not so.
 */
final class Mp4Boxes {
  private static final long MAX_MOVIE_BYTES = 1L << 28;
  private static final int MAX_DEPTH = 16;

  /** The letters hdlr. */
  private static final int HANDLER = 0x68646c72;

  private static final int MAX_BOXES = 1_000_000;

  /** Boxes that hold boxes, and the bytes before the first of them. */
  private static final Map<String, Integer> CONTAINERS =
      Map.ofEntries(
          Map.entry("moov", 0),
          Map.entry("trak", 0),
          Map.entry("mdia", 0),
          Map.entry("minf", 0),
          Map.entry("stbl", 0),
          Map.entry("edts", 0),
          Map.entry("dinf", 0),
          Map.entry("udta", 0),
          Map.entry("gmhd", 0),
          Map.entry("tapt", 0),
          Map.entry("mvex", 0),
          Map.entry("dref", 8),
          Map.entry("stsd", 8),
          Map.entry("avc1", 78));

  /** Tables: where the 32-bit count stands in the box's body, and the bytes per entry. */
  private static final Map<String, int[]> TABLES =
      Map.of(
          "stts", new int[] {4, 8},
          "ctts", new int[] {4, 8},
          "stss", new int[] {4, 4},
          "stsc", new int[] {4, 12},
          "stco", new int[] {4, 4},
          "co64", new int[] {4, 8});

  private final String name;
  private final ReadLimits limits;
  private final long fileBytes;

  private Mp4Boxes(String name, ReadLimits limits, long fileBytes) {
    this.name = name;
    this.limits = limits;
    this.fileBytes = fileBytes;
  }

  /**
   * Walks the file's boxes.
   *
   * @throws UnsupportedVideoException when one is damaged
   */
  static void check(Path file, ReadLimits limits) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      Mp4Boxes boxes = new Mp4Boxes(file.toString(), limits, in.length());
      boxes.checkFile(in);
    }
  }

  private void checkFile(RandomAccessFile in) throws IOException {
    long at = 0;
    boolean movie = false;
    for (int boxes = 0; at + 8 <= in.length(); boxes++) {
      if (boxes == MAX_BOXES) {
        throw damaged("moov", "stands among more than " + MAX_BOXES + " boxes");
      }
      in.seek(at);
      long size = in.readInt() & 0xffffffffL;
      byte[] type = new byte[4];
      in.readFully(type);
      boolean wide = size == 1 && at + 16 <= in.length();
      size = wide ? in.readLong() : size == 0 ? in.length() - at : size;
      if (size < (wide ? 16 : 8) || size > in.length() - at) {
        throw damaged(text(type), "is cut off: " + size + " bytes at offset " + at);
      }
      if (text(type).equals("moov")) {
        movie = true;
        checkMovie(in, size - (wide ? 16 : 8));
      }
      at += size;
    }
    if (!movie) {
      throw damaged("moov", "is missing (truncated file?)");
    }
  }

  private void checkMovie(RandomAccessFile in, long size) throws IOException {
    if (size > MAX_MOVIE_BYTES) {
      throw damaged("moov", "is impossibly large: " + size + " bytes");
    }
    byte[] body = new byte[(int) size];
    in.readFully(body);
    checkChildren(ByteBuffer.wrap(body), 0);
  }

  private void checkChildren(ByteBuffer body, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw damaged("moov", "is nested too deeply");
    }
    while (body.remaining() >= 8) {
      long size = body.getInt() & 0xffffffffL;
      byte[] bytes = new byte[4];
      body.get(bytes);
      String type = text(bytes);
      if (size == 0 && type.equals("\0\0\0\0")) {
        return;
      }
      if (size < 8 || size - 8 > body.remaining()) {
        throw damaged(type, "claims " + size + " bytes, " + (body.remaining() + 8) + " are left");
      }
      ByteBuffer inner = body.slice(body.position(), (int) size - 8);
      body.position(body.position() + (int) size - 8);
      checkBox(type, inner, depth);
    }
  }

  private void checkBox(String type, ByteBuffer body, int depth) throws IOException {
    Integer before = CONTAINERS.get(type);
    if (before != null) {
      if (body.remaining() < before) {
        throw damaged(type, "is too short");
      }
      checkChildren(body.slice(before, body.remaining() - before), depth + 1);
    }
    if (type.equals("meta")) {
      // QuickTime's begins with its first box, that of the standard with version and flags.
      int skip = body.remaining() >= 8 && body.getInt(4) == HANDLER ? 0 : 4;
      if (body.remaining() < skip) {
        throw damaged(type, "is too short");
      }
      checkChildren(body.slice(skip, body.remaining() - skip), depth + 1);
    }
    if (type.equals("ilst")) {
      checkNotes(body);
    }
    int[] table = TABLES.get(type);
    if (table != null) {
      checkTable(type, body, table[0], table[1]);
    }
    if (type.equals("stsz")) {
      boolean uniform = body.remaining() >= 12 && body.getInt(4) != 0;
      checkTable(type, body, 8, uniform ? 0 : 4);
      checkSampleSizes(body);
    }
  }

  /** Titles and the like: boxes of boxes that must fill each other exactly. */
  private void checkNotes(ByteBuffer body) throws IOException {
    while (body.hasRemaining()) {
      ByteBuffer note = next(body);
      while (note.hasRemaining()) {
        next(note);
      }
    }
  }

  private ByteBuffer next(ByteBuffer notes) throws IOException {
    long size = notes.remaining() < 8 ? 0 : notes.getInt(notes.position()) & 0xffffffffL;
    if (size < 8 || size > notes.remaining()) {
      throw damaged("ilst", "holds a note of " + size + " bytes in " + notes.remaining());
    }
    ByteBuffer inner = notes.slice(notes.position() + 8, (int) size - 8);
    notes.position(notes.position() + (int) size);
    return inner;
  }

  /** No sample can be larger than the file; the parser would reserve what the table claims. */
  private void checkSampleSizes(ByteBuffer body) throws IOException {
    long uniform = body.getInt(4) & 0xffffffffL;
    long count = body.getInt(8) & 0xffffffffL;
    if (uniform > fileBytes) {
      throw damaged("stsz", "claims samples of " + uniform + " bytes");
    }
    for (int i = 0; uniform == 0 && i < count; i++) {
      long size = body.getInt(12 + (4 * i)) & 0xffffffffL;
      if (size > fileBytes) {
        throw damaged("stsz", "claims a sample of " + size + " bytes");
      }
    }
  }

  private void checkTable(String type, ByteBuffer body, int at, int entry) throws IOException {
    if (body.remaining() < at + 4) {
      throw damaged(type, "is too short");
    }
    long count = body.getInt(at) & 0xffffffffL;
    if (count * entry > body.remaining() - at - 4) {
      throw damaged(type, "claims " + count + " entries in " + body.remaining() + " bytes");
    }
    if (entry == 0) {
      // One size for all samples: nothing else bounds their number.
      limits.checkFrame(name, count - 1);
    }
  }

  private UnsupportedVideoException damaged(String box, String problem) {
    return new UnsupportedVideoException(
        name, "damaged mp4: box '" + Printable.line(box) + "' " + problem);
  }

  private static String text(byte[] type) {
    return new String(type, StandardCharsets.ISO_8859_1);
  }
}
