package medsora.media;

import engine.io.SafeTensors;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the {@link Label} of a file, whoever wrote it. What a file is, is told by how it begins. A
 * file that is damaged before its label has none.
 */
public final class LabelReader {
  /** Keyword of the text in a png, and of the metadata in safetensors. */
  static final String KEY = "medsora:provenance";

  /** More pieces than any file of this program has. */
  private static final int MOST_PIECES = 1 << 20;

  private static final int HEAD = 12;

  private LabelReader() {}

  /**
   * The label of an mp4, gif, png or safetensors file; none where it has none.
   *
   * @throws IOException where it cannot be read
   */
  public static Optional<Label> of(Path file) throws IOException {
    String head;
    try (InputStream in = Files.newInputStream(file)) {
      head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
    }
    Optional<String> found;
    if (head.startsWith("GIF8")) {
      found = scanned(file, LabelReader::gif);
    } else if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
      found = scanned(file, LabelReader::png);
    } else if (head.startsWith("ftyp", 4)) {
      found = Mp4Label.read(file);
    } else if (file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
      try (SafeTensors opened = SafeTensors.open(file)) {
        found = Optional.ofNullable(opened.metadata().get(KEY));
      }
    } else {
      found = Optional.empty();
    }
    return found.flatMap(LabelReader::label);
  }

  private static Optional<Label> label(String text) {
    try {
      return Optional.of(new Label(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private interface Scan {
    Optional<String> of(DataInputStream in) throws IOException;
  }

  private static Optional<String> scanned(Path file, Scan scan) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      return scan.of(in);
    } catch (EOFException e) {
      // Cut off before it.
      return Optional.empty();
    }
  }

  /** Chunks (PNG 3rd edition, 5.3). */
  private static Optional<String> png(DataInputStream in) throws IOException {
    String begin = KEY + "\0";
    in.skipNBytes(8);
    for (int piece = 0; piece < MOST_PIECES; piece++) {
      long length = in.readInt() & 0xffffffffL;
      String type = text(exactly(in, 4));
      if (type.equals("tEXt") && length <= begin.length() + Label.LONGEST) {
        String text = text(exactly(in, (int) length));
        if (text.startsWith(begin)) {
          return Optional.of(text.substring(begin.length()));
        }
        in.skipNBytes(4);
      } else if (type.equals("IEND")) {
        return Optional.empty();
      } else {
        in.skipNBytes(length + 4);
      }
    }
    return Optional.empty();
  }

  /** Blocks of GIF89a; those before the first picture, where this program has its comment. */
  private static Optional<String> gif(DataInputStream in) throws IOException {
    in.skipNBytes(10);
    int flags = in.readUnsignedByte();
    in.skipNBytes(2);
    skipColours(in, flags);
    for (int piece = 0; piece < MOST_PIECES; piece++) {
      if (in.readUnsignedByte() != 0x21) {
        return Optional.empty();
      }
      boolean comment = in.readUnsignedByte() == 0xfe;
      String text = blocks(in);
      if (comment) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  private static void skipColours(DataInputStream in, int flags) throws IOException {
    if ((flags & 0x80) != 0) {
      in.skipNBytes(3L * (2L << (flags & 7)));
    }
  }

  /** Blocks up to the empty one; of longer texts than are read the beginning. */
  private static String blocks(DataInputStream in) throws IOException {
    StringBuilder out = new StringBuilder();
    for (int size = in.readUnsignedByte(); size != 0; size = in.readUnsignedByte()) {
      String block = text(exactly(in, size));
      if (out.length() <= Label.LONGEST) {
        out.append(block);
      }
    }
    return out.toString();
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
